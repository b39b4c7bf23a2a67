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

// --- The picture that is chosen, beside its name ----------------------------------------------------------------------

const thumbnails = new Map(lists.picture.map(([value, , source]) => [value, source]))

function show(select) {
  const source = thumbnails.get(select.value)
  let image = select.parentElement.querySelector("img.thumbnail")
  if (!source) return image?.remove()
  if (!image) {
    image = Object.assign(document.createElement("img"), { className: "thumbnail", alt: "" })
    select.parentElement.append(image)
  }
  image.src = source
}

function showAll() {
  for (const select of document.querySelectorAll("select[data-choices=picture]")) {
    if (!select.name.includes("__prefix__")) show(select)
  }
}

showAll()
document.addEventListener("change", (event) => {
  if (event.target.matches?.("select[data-choices=picture]")) show(event.target)
})
document.addEventListener("pointerdown", fill)
document.addEventListener("focusin", fill)
