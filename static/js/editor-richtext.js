// Rich text boxes by keyboard and screen reader: the box has its field's name and help, the toolbar is one stop of Tab
// with named buttons that arrows reach, and Tab leaves the box even inside a list.
//
// Django-prose-editor puts a box, and a moment later its toolbar, beside the field's textarea, which it hides.

const BOX = "[role=textbox]"
const TOOLBAR = ".prose-menubar"

const words = JSON.parse(document.getElementById("editor-words").textContent)
let made = 0

// --- Names ----------------------------------------------------------------------------------------------------------

function dress(editor) {
  const textarea = editor.querySelector(":scope > textarea")
  const box = editor.querySelector(`:scope > ${BOX}`)
  const toolbar = editor.querySelector(`:scope > ${TOOLBAR}`)
  if (!textarea || !box) return
  const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`)
  if (label) {
    label.id ||= `rich-text-label-${++made}`
    box.setAttribute("aria-labelledby", label.id)
    box.setAttribute("aria-required", label.classList.contains("required"))
  }
  box.setAttribute("aria-multiline", "true")
  if (textarea.getAttribute("aria-invalid")) box.setAttribute("aria-invalid", "true")
  describe(editor)
  for (const dialog of editor.querySelectorAll("dialog:not([aria-labelledby])")) nameDialog(dialog)
  if (toolbar && !toolbar.role) dressToolbar(toolbar, label)
}

// Django renumbers these ids when a form is removed.
function describe(editor) {
  const textarea = editor.querySelector(":scope > textarea")
  const ids = ["helptext", "error"].map((part) => `${textarea?.id}_${part}`).filter((id) => document.getElementById(id))
  editor.querySelector(`:scope > ${BOX}`)?.setAttribute("aria-describedby", ids.join(" "))
}

function nameDialog(dialog) {
  const title = dialog.querySelector(".prose-editor-dialog-title")
  if (!title) return
  title.id = `rich-text-dialog-${++made}`
  dialog.setAttribute("aria-labelledby", title.id)
}

// --- The toolbar ----------------------------------------------------------------------------------------------------

const buttonsOf = (toolbar) =>
  [...toolbar.querySelectorAll("button:not(.hidden)")].filter((button) => !button.closest("[popover]"))

function dressToolbar(toolbar, label) {
  toolbar.role = "toolbar"
  toolbar.setAttribute("aria-label", [words.formatting, label?.textContent.replace(/:\s*$/, "")].join(": "))
  for (const picker of toolbar.querySelectorAll("[popover]")) dressPicker(picker)
  showButtons(toolbar)
  let lastFocused = null
  toolbar.addEventListener("focusin", (event) => {
    lastFocused = event.target
    if (!lastFocused.closest("[popover]")) showButtons(toolbar)
  })
  const changes = new MutationObserver((records) => {
    // Upstream replaces the picker's button as the cursor moves, even under the focus.
    const isLost = records.some((record) => [...record.removedNodes].includes(lastFocused))
    if (isLost && document.activeElement === document.body) buttonsOf(toolbar)[0].focus()
    showButtons(toolbar)
  })
  changes.observe(toolbar, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] })
}

function showButtons(toolbar) {
  const buttons = buttonsOf(toolbar)
  const focused = buttons.find((button) => button === document.activeElement)
  const stop = focused ?? buttons.find((button) => button.dataset.isStop) ?? buttons[0]
  for (const button of buttons) {
    const isStop = button === stop
    button.tabIndex = isStop ? 0 : -1
    if (isStop) button.dataset.isStop = "yes"
    else delete button.dataset.isStop
    nameButton(button)
  }
}

function nameButton(button) {
  const isPicker = button.parentElement.matches(".prose-menubar__selected")
  // The picker's button is a copy that lost its name: what is left of it is its English title, such as “heading 2”.
  if (isPicker) button.dataset.style ??= button.title.replace(" ", "")
  const key = isPicker ? button.dataset.style : button.dataset.name
  const name = words.toolbar[key] ?? (isPicker ? words.otherStyle : button.title)
  const full = isPicker ? `${words.textStyle}: ${name}` : name
  button.setAttribute("aria-label", full)
  button.title = full
  if (isPicker) {
    button.setAttribute("aria-haspopup", "true")
    button.setAttribute("aria-expanded", String(Boolean(button.closest(TOOLBAR).querySelector(":popover-open"))))
    return
  }
  button.setAttribute("aria-disabled", button.classList.contains("disabled"))
  if (/^(bold|italic|blockquote|link|orderedList)$/.test(key)) {
    button.setAttribute("aria-pressed", button.classList.contains("active"))
  }
}

function dressPicker(picker) {
  const options = () => [...picker.querySelectorAll("button:not(.hidden)")]
  for (const option of options()) {
    const name = words.toolbar[option.dataset.name]
    if (name && option.firstElementChild) option.firstElementChild.textContent = name
  }
  picker.addEventListener("toggle", (event) => {
    showButtons(picker.closest(TOOLBAR))
    if (event.newState === "open") options()[0]?.focus()
  })
  picker.addEventListener("keydown", (event) => step(event, options(), "ArrowUp", "ArrowDown"))
}

function step(event, all, back, forth) {
  const at = all.indexOf(document.activeElement)
  const target = { [back]: at - 1, [forth]: at + 1, Home: 0, End: -1 }[event.key]
  if (at < 0 || target === undefined) return
  event.preventDefault()
  all.at(target % all.length).focus()
}

// --- Keys -----------------------------------------------------------------------------------------------------------

function onKey(event) {
  const box = event.target.closest?.(`.prose-editor > ${BOX}`)
  const toolbar = event.target.closest?.(TOOLBAR)
  if (toolbar && !event.target.closest("[popover]")) step(event, buttonsOf(toolbar), "ArrowLeft", "ArrowRight")
  if (!box) return
  // In a list Tiptap would keep Tab for indenting, and nobody could leave by keyboard: Ctrl+] and Ctrl+[ do that here.
  if (event.key === "Tab") event.stopImmediatePropagation()
  const indent = { "]": "sinkListItem", "[": "liftListItem" }[event.key]
  if (indent && event.ctrlKey && box.editor?.commands[indent]?.("listItem")) event.preventDefault()
}

function onLabelClick(event) {
  const label = event.target.closest?.("label[for]")
  const editor = label && document.getElementById(label.htmlFor)?.closest(".prose-editor")
  editor?.querySelector(`:scope > ${BOX}`)?.focus()
}

// --- The whole ------------------------------------------------------------------------------------------------------

const observer = new MutationObserver((records) => {
  for (const editor of new Set(records.map((record) => record.target))) dress(editor)
})

function watch(editor) {
  if (!editor) return
  dress(editor)
  // The toolbar comes later, and so does each dialog.
  observer.observe(editor, { childList: true })
}

document.querySelectorAll(".prose-editor").forEach(watch)
document.addEventListener("prose-editor:ready", (event) => watch(event.target.closest(".prose-editor")))
document.addEventListener("formset:removed", () => {
  setTimeout(() => document.querySelectorAll(".prose-editor").forEach(describe))
})
document.addEventListener("keydown", onKey, true)
document.addEventListener("click", onLabelClick)
