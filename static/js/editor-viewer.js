// People who may only look at a page see its blocks: content-editor 9.1 stops with an error where a block's place is
// shown as text. It finds it in an input here, one that is never sent.

for (const cell of document.querySelectorAll(".inline-related :is(.field-ordering, .field-region)")) {
  const text = cell.querySelector(".readonly")?.textContent.trim()
  const name = cell.classList.contains("field-ordering") ? "ordering" : "region"
  if (text === undefined || cell.querySelector("input")) continue
  const input = document.createElement("input")
  input.type = "hidden"
  input.disabled = true
  input.name = `${cell.closest(".inline-related").id}-${name}`
  input.value = text
  cell.append(input)
}
