// What the page editor lacks beside its blocks: a button that collapses them all, the space bar on links that say they
// are buttons, Ctrl+S, names for the boxes in which one looks for other pages, and after a refused save the way to the
// first field that must be mended.

// Content-editor scrolls back to where the page was saved 200 ms after it is ready.
const AFTER_ITS_SCROLLING = 250

const words = JSON.parse(document.getElementById("editor-words").textContent)

function addCollapseAll() {
  const box = document.querySelector(".collapse-items input")
  if (!box) return
  const button = document.createElement("button")
  const show = () => {
    button.textContent = box.checked ? words.expandAll : words.collapseAll
  }
  button.type = "button"
  button.className = "collapse-all-blocks"
  button.addEventListener("click", () => box.click())
  box.addEventListener("change", show)
  box.closest(".collapse-items").hidden = true
  box.closest(".collapse-items").after(button)
  show()
}

function onKey(event) {
  if (event.key === " " && event.target.matches?.("a[role=button]")) {
    event.preventDefault()
    event.target.click()
  }
  // Content-editor's shortcut looks for a submit button of another make.
  const save = document.querySelector("button[name=_continue]")
  if (event.key === "s" && (event.ctrlKey || event.metaKey) && save) {
    event.preventDefault()
    save.click()
  }
}

function goToFirstError() {
  // Who types already is not interrupted.
  if (document.activeElement !== document.body) return
  const row = document.querySelector(".form-row:has(.errorlist)")
  const fields = [...(row?.querySelectorAll("input, select, textarea, [role=textbox]") ?? [])]
  fields.find((field) => field.offsetParent)?.focus()
}

function nameSearchBoxes() {
  for (const box of document.querySelectorAll(".select2-search__field")) {
    const select = box.closest(".select2-container")?.previousElementSibling
    if (select?.labels?.length) box.setAttribute("aria-label", select.labels[0].textContent)
  }
}

document.addEventListener("content-editor:ready", addCollapseAll)
document.addEventListener("content-editor:ready", nameSearchBoxes)
document.addEventListener("content-editor:ready", () => setTimeout(goToFirstError, AFTER_ITS_SCROLLING))
document.addEventListener("keydown", onKey)
