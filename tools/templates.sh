#!/bin/sh
# What people read of the templates of schemes, as messages to be translated: names, labels and
# descriptions of the .dmn files, and what each .scenario says at its head.
# usage: templates.sh FILE…
set -eu
for file in "$@"; do
    case $file in
    *.dmn) sed -n -e '/<definitions /s/.* name="\([^"]*\)".*/"\1"/p' \
        -e '/<definitions /!s/.* label="\([^"]*\)".*/"\1"/p' \
        -e 's:.*<description>\(.*\)</description>.*:"\1":p' "$file" ;;
    *) awk '/^#/ { sub(/^# */, ""); text = text (text == "" ? "" : " ") $0; next } { exit }
        END { print "\"" text "\"" }' "$file" ;;
    esac | sort -u | sed "s|\$|	$file:1|"
done
