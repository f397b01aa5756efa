/* The editor of formulas: the textarea keeps the text and stays what is sent; the editor stands in its
 * place. Loaded only where there is a formula to edit. */
import FeelEditor from "@bpmn-io/feel-editor";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Prec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/* The colours of the page, so that light and dark need nothing else. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.typeName], color: "var(--k-accent-ink)", fontWeight: "700" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--k-ok)" },
  { tag: tags.number, color: "var(--k-warn)" },
  { tag: [tags.arithmeticOperator, tags.compareOperator, tags.variableName, tags.definition(tags.variableName), tags.special(tags.variableName), tags.propertyName, tags.function(tags.variableName), tags.special(tags.bracket)], color: "var(--k-ink)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--k-ink-3)" },
]);

export function feelEditor({ area, label, names, nonce, onChange, onLeave, hasFocus }) {
  const place = document.createElement("div");
  place.className = "k-feel";
  area.after(place);
  area.hidden = true;
  const editor = new FeelEditor({
    container: place,
    value: area.value,
    variables: names.variables,
    builtins: names.functions.map((f) => ({ name: f.name, type: "function", info: f.info, params: [{ name: "" }] })),
    contentAttributes: { "aria-label": label, role: "textbox", "aria-multiline": "true" },
    extensions: [
      EditorView.cspNonce.of(nonce),
      EditorView.lineWrapping,
      Prec.highest(syntaxHighlighting(colours)),
      EditorView.domEventHandlers({ blur: () => onLeave() }),
    ],
    onChange,
  });
  if (hasFocus) editor.focus(area.value.length);
  return editor;
}
