// What a block may point to, a page or a picture, stands in the editor once and not once for every block: a block's list
// is filled when somebody goes there.

const lists = JSON.parse(document.getElementById("editor-choices").textContent)

function fill(event) {
  const select = event.target.closest?.("select[data-choices]")
  if (!select || select.dataset.isFilled) return
  select.dataset.isFilled = "yes"
  const chosen = select.value
  const present = new Map([...select.options].map((option) => [option.value, option]))
  for (const [value, label] of lists[select.dataset.choices]) {
    select.append(present.get(value) ?? new Option(label, value))
  }
  select.value = chosen
}

document.addEventListener("pointerdown", fill)
document.addEventListener("focusin", fill)
