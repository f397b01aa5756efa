#!/bin/sh
# The commands about formulas, from the outside: what a session of `feel repl` and `feel eval` print.
# Prints TAP. usage: tests/feel.sh [KONTOR]
set -u
kontor=${1:-build/release/kontor}
. "$(dirname "$0")/said.sh"

repl() { "$kontor" feel repl "$@"; }

printf 'net amount = 120\nnet amount * 0.21\n(net amount = 120)\n' | repl >"$work/out"
is 'names stay from line to line' '120
25.2
true'
printf '[1,\n2]\nif true then\n"a"\nelse "b"\n' | repl >"$work/out"
is 'a formula goes on until it is finished' '[1, 2]
"a"'
printf '1 + +\n' | repl >"$work/out"
is 'a caret stands under what is wrong' '  1 + +
      ^
  Expected a value, found "+".'
printf '(1 +\n\n2\n' | repl >"$work/out"
is 'an empty line ends a formula' '  (1 +
      ^
  Expected a value, but the formula ends here.
2'
printf 'amount = 1\namuont\n' | repl >"$work/out"
is 'the nearest name is suggested' '1
  amuont
  ^
  The name "amuont" is not known here. Did you mean "amount"?
null'
printf ':load %s\na + 1\n:names\n:quit\n5\n' "$work/context.json" >"$work/script"
echo '{"a": 2}' >"$work/context.json"
repl <"$work/script" >"$work/out"
is 'names come from a file, and :quit ends' '3
a = 2'
printf '1 +\n' | repl >"$work/out"
echo $? >"$work/out"
is 'a script is told that a formula could not be read' 65
"$kontor" feel eval 'a * 2' --context '{"a": 1.50}' >"$work/out"
is 'one formula with a context' 3
"$kontor" feel eval '{a: 1, b: "x"}' --json >"$work/out"
is 'a value as JSON' '{"a":"1","b":"x"}'
"$kontor" --set feel_steps_max=10000 feel eval 'for i in 1..100000 return i' >"$work/out" 2>&1
is 'the settings hold the budgets' 'kontor: The calculation takes too many steps.'
"$kontor" feel eval '1 + "a"' --lang es 2>&1 >"$work/value" | cat >"$work/out"
is 'warnings in the language that is asked for' \
    'kontor: aviso: 1:1: «+» no se aplica a: número y texto.'
printf '1 + "a"\n' | repl --lang ru >"$work/out"
is 'a session speaks it too' '  1 + "a"
  ^
  Действие «+» неприменимо: число и текст.
null'
said_all
