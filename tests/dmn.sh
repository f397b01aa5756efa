#!/bin/sh
# The commands about decision models, from the outside: findings for people and programs, in three
# languages; files that are refused; budgets. Prints TAP. usage: tests/dmn.sh [KONTOR]
set -u
kontor=${1:-build/release/kontor}
. "$(dirname "$0")/said.sh"

# run WORDS…: output and the exit code in one file, without the name of the working folder.
run() {
    "$kontor" "$@" >"$work/raw" 2>&1
    code=$?
    sed "s#$work/##g" "$work/raw" >"$work/out"
    echo "exit $code" >>"$work/out"
}

# model FILE NAMESPACE ELEMENTS
model() {
    cat >"$work/$1" <<EOF
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="$2" name="$2">
$3
</definitions>
EOF
}

formula() { # TEXT: a model whose one decision is the formula
    model formula.dmn f "<decision id=\"d\" name=\"d\"><variable name=\"d\"/><literalExpression>\
<text>$1</text></literalExpression></decision>"
}

formula '1 + "a"'
run dmn check "$work/formula.dmn"
is 'a warning alone is no failure' 'formula.dmn:2:47: warning: "d" 1:1 - "+" does not apply to number and string.
0 errors, 1 warning
exit 0'
run dmn check "$work/formula.dmn" --lang ru
is 'the same for Russian readers' 'formula.dmn:2:47: предупреждение: "d" 1:1 - Действие «+» неприменимо: число и текст.
0 ошибок, 1 предупреждение
exit 0'
run dmn check "$work/formula.dmn" --lang es
is 'and for Spanish ones' 'formula.dmn:2:47: aviso: "d" 1:1 - «+» no se aplica a: número y texto.
0 errores, 1 aviso
exit 0'
run dmn check "$work/formula.dmn" --lang tlh
is 'a language that is not there' 'kontor: lang: There is no language tlh.
exit 65'
formula '1 +'
run dmn check "$work/formula.dmn" --lang ru
is 'what was expected is translated too' 'formula.dmn:2:47: ошибка: "d" 1:4 - Ожидалось: значение; но формула здесь кончается.
1 ошибка, 0 предупреждений
exit 65'
run dmn check "$work/formula.dmn" --json
is 'findings for programs' '{"findings":[{"file":"formula.dmn","severity":"error","finding":"wrong","element":{"id":"d","name":"d"},"rule":null,"column":null,"line":2,"line_column":47,"formula_line":1,"formula_column":4,"message":"Expected a value, but the formula ends here."}],"errors":1,"warnings":0}
exit 65'

model a.dmn a '<import name="b" namespace="b" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
model b.dmn b '<import name="a" namespace="a" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
run dmn check "$work/a.dmn"
is 'models that import each other' 'a.dmn:2:1: error: - The models import each other in a circle: "a".
1 error, 0 warnings
exit 65'
model good.dmn g '<!-- moved --><import name="bad" namespace="bad" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
model bad.dmn bad '

<decision id="e" name="e"><variable name="e"/><literalExpression><text>1 +</text></literalExpression></decision>'
run dmn check "$work/good.dmn"
is 'what is wrong in an imported model stands where it is imported' 'good.dmn:2:15: error: "e" 1:4 - Expected a value, but the formula ends here.
1 error, 0 warnings
exit 65'
model outside.dmn o '<import name="p" namespace="p" locationURI="file:///etc/passwd" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
run dmn check "$work/outside.dmn"
is 'an import is not looked for where it says it lies' 'outside.dmn:2:1: error: - The imported model "p" is not there.
1 error, 0 warnings
exit 65'
model schema.dmn s '<import name="x" namespace="x" importType="http://www.w3.org/2001/XMLSchema"/>'
run dmn check "$work/schema.dmn"
is 'an import of another kind' 'schema.dmn:2:1: error: - Only DMN models can be imported: x
1 error, 0 warnings
exit 65'
printf '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><definitions>&b;</definitions>' \
    >"$work/laughs.dmn"
run dmn check "$work/laughs.dmn"
is 'a billion laughs' 'laughs.dmn:1:13: error: - A model must not have a document type.
1 error, 0 warnings
exit 65'
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "<a>" }' >"$work/deep.dmn"
run dmn check "$work/deep.dmn"
is 'elements in elements' 'deep.dmn:1:601: error: - The elements nest too deeply.
1 error, 0 warnings
exit 65'

formula 'count(for i in 1..1e9 return i)'
run dmn eval "$work/formula.dmn"
is 'a billion steps' 'kontor: The calculation takes too many steps.
exit 75'
formula 'count(for i in 1..4000000 return [i, i])'
run --set feel_memory_max=8MiB dmn eval "$work/formula.dmn"
is 'more memory than the settings allow' 'kontor: The calculation needs too much memory.
exit 75'
formula '{f: function(n) f(n + 1), r: f(1)}.r'
run --set feel_depth_max=100 dmn eval "$work/formula.dmn"
is 'a function without end' 'kontor: The calculation nests too deeply.
exit 75'
formula 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "^(a+)+$")'
run dmn eval "$work/formula.dmn"
is 'a pattern that backtracks without end' 'kontor: warning: d 1:1: The pattern takes too many steps on this text.
{d: null}
exit 0'
awk 'BEGIN { printf "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" namespace=\"f\" name=\"f\"><decision id=\"d\" name=\"d\"><literalExpression><text>"
    for (i = 0; i < 5000; i++) printf "("
    print "1</text></literalExpression></decision></definitions>" }' >"$work/formula.dmn"
run dmn check "$work/formula.dmn"
is 'a formula that nests too deeply' 'formula.dmn:1:116: error: "d" 1:201 - Expected less nesting, found "(".
1 error, 0 warnings
exit 65'
said_all
