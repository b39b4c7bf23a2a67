// The page editor by keyboard and screen reader: every block has real buttons, the focus follows, changes are said.
//
// django-content-editor shows the blocks in the order of a hidden field, by CSS alone, and moves them with the mouse
// alone. Here the nodes themselves stand in that order, so that Tab goes where the eye goes. Where its markup is not
// what is expected, nothing is added. editor-menu.js, editor-richtext.js and editor-shortcuts.js do the rest.

const BLOCK = ".inline-related:not(.empty-form)"

const words = JSON.parse(document.getElementById("editor-words").textContent)
const status = document.createElement("p")
let machine
let made = 0

// --- Words ----------------------------------------------------------------------------------------------------------

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_match, name) => values[name])
}

function say(text) {
  status.textContent = ""
  // Emptied first and filled later, so that the same sentence is read out a second time.
  setTimeout(() => {
    status.textContent = text
  }, 50)
}

function nameOf(block) {
  const kind = block.querySelector(":scope > h3 > b")?.textContent.trim()
  const text = beginning(block)
  return text ? fill(words.named, { kind, beginning: text }) : kind
}

// The first words of a block: what tells it from the others of its kind, above all when it is collapsed.
function beginning(block) {
  const fields = "fieldset :is(input[type=text], textarea, .form-row:not(.hidden) .readonly)"
  for (const field of block.querySelectorAll(fields)) {
    const value = (field.value ?? field.textContent).trim()
    const page = value.startsWith("<") && new DOMParser().parseFromString(value, "text/html")
    const text = page ? page.querySelector("h2, h3, p")?.textContent.trim() : value
    if (text) return text.length > 60 ? `${text.slice(0, 59).trimEnd()}…` : text
  }
  return ""
}

function showBeginning(block) {
  const label = block.querySelector(":scope > h3 .inline_label")
  const text = beginning(block)
  if (text && label && !label.firstElementChild) label.textContent = text
}

// --- Order ----------------------------------------------------------------------------------------------------------

const blocks = () => [...machine.querySelectorAll(`:scope > ${BLOCK}`)]
const inOrder = () => blocks().sort((a, b) => a.style.order - b.style.order)
const inRegionOf = (block) => inOrder().filter((other) => other.dataset.region === block.dataset.region)
// Not where the block may only be looked at.
const hasPlace = (block) => Boolean(block.querySelector(".order-machine-ordering:enabled"))
const placeOf = (block, all = inRegionOf(block)) => ({
  block: nameOf(block),
  position: all.indexOf(block) + 1,
  count: all.length,
})

// Put the nodes into the order in which they are shown, moving as few as possible and keeping the focus.
function settle() {
  const focused = document.activeElement
  const wanted = inOrder()
  let place = machine.firstElementChild
  for (const block of wanted) {
    if (block === place) place = place.nextElementSibling
    else machine.insertBefore(block, place)
  }
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true })
  showEnds(wanted)
}

function showEnds(wanted) {
  const last = new Map()
  for (const block of wanted) {
    const [up, down] = block.querySelectorAll(":scope > .block-controls > .block-move")
    if (!down) continue
    up.setAttribute("aria-disabled", !last.has(block.dataset.region))
    down.setAttribute("aria-disabled", "true")
    last.get(block.dataset.region)?.setAttribute("aria-disabled", "false")
    last.set(block.dataset.region, down)
  }
}

function move(block, step) {
  const all = inRegionOf(block)
  const from = all.indexOf(block)
  if (!all[from + step]) return say(fill(step < 0 ? words.isFirst : words.isLast, placeOf(block, all)))
  all.splice(from, 1)
  all.splice(from + step, 0, block)
  all.forEach((other, index) => {
    const ordering = 10 * (index + 1)
    other.querySelector(".order-machine-ordering").value = ordering
    other.style.order = ordering
  })
  settle()
  block.querySelector(":scope > .block-controls").scrollIntoView({ block: "nearest" })
  say(fill(words.moved, placeOf(block, all)))
}

// --- The controls of a block ----------------------------------------------------------------------------------------

function makeButton(className, name, sign) {
  const button = document.createElement("button")
  button.type = "button"
  button.id = `block-button-${++made}`
  button.className = className
  if (name) {
    button.setAttribute("aria-label", name)
    button.title = name
  }
  button.textContent = sign
  return button
}

function makeMover(block, name, sign, step) {
  const button = makeButton("block-move", name, sign)
  button.addEventListener("click", () => move(block, step))
  return button
}

// Content-editor's own click handler goes by this class; the button is what a keyboard and a screen reader need.
function makeAdder(name, className = "") {
  const button = makeButton(`order-machine-insert-target ${className}`, name, "")
  button.setAttribute("aria-haspopup", "menu")
  button.setAttribute("aria-expanded", "false")
  return button
}

function dress(block) {
  const head = block.querySelector(":scope > h3")
  const kind = head?.querySelector(":scope > b")
  const label = head?.querySelector(":scope > .inline_label")
  if (!kind || !label || block.querySelector(":scope > .block-controls")) return

  kind.textContent = kind.textContent.replace(/:\s*$/, "")
  kind.id = `block-kind-${++made}`
  label.id = `block-label-${made}`
  const names = `${kind.id} ${label.id}`
  showBeginning(block)
  head.setAttribute("aria-labelledby", names)
  head.querySelector(".material-icons")?.setAttribute("aria-hidden", "true")
  block.querySelector(":scope > fieldset")?.setAttribute("aria-labelledby", names)

  // Inside the heading, where content-editor's handler makes every click collapse or expand.
  const toggle = makeButton("block-toggle", "", "")
  toggle.setAttribute("aria-labelledby", names)
  head.prepend(toggle)
  head.after(makeControls(block, names))
  block.querySelector(":scope > .order-machine-insert-target")?.remove()
  if (hasPlace(block)) block.prepend(makeNamed(makeAdder(words.addAbove), names))
  mendDescriptions(block)
  showState(block)
  observer.observe(block, { attributes: true, attributeFilter: ["class", "style"] })
}

function makeNamed(button, names) {
  button.setAttribute("aria-labelledby", `${button.id} ${names}`)
  return button
}

function makeControls(block, names) {
  const controls = document.createElement("div")
  controls.className = "block-controls"
  if (hasPlace(block)) {
    controls.append(
      makeNamed(makeMover(block, words.moveUp, "↑", -1), names),
      makeNamed(makeMover(block, words.moveDown, "↓", 1), names),
    )
  }
  const box = block.querySelector(":scope > h3 > .delete > input[type=checkbox]")
  const link = block.querySelector(":scope > h3 .inline-deletelink")
  if (box) {
    const label = box.parentElement.querySelector("label")
    label.id = `block-delete-${++made}`
    box.setAttribute("aria-labelledby", `${label.id} ${names}`)
    block.classList.toggle("for-deletion", box.checked)
    controls.append(box.parentElement)
  } else if (link) {
    link.id = `block-delete-${++made}`
    controls.append(makeNamed(link, names))
  }
  return controls
}

// Django copies the descriptions of a form's fields and renumbers the forms, but not what refers to them.
function mendDescriptions(block) {
  for (const field of block.querySelectorAll("[aria-describedby]")) {
    const ids = field.getAttribute("aria-describedby").split(" ")
    const mended = ids.map((id) => (id.endsWith("_helptext") && field.id ? `${field.id}_helptext` : id))
    field.setAttribute("aria-describedby", mended.join(" "))
  }
}

function showState(block) {
  const isOpen = !block.classList.contains("collapsed") && !block.classList.contains("for-deletion")
  block.querySelector(":scope > h3 > .block-toggle")?.setAttribute("aria-expanded", isOpen)
}

const observer = new MutationObserver((records) => {
  if (records.some((record) => record.attributeName === "style")) settle()
  for (const block of new Set(records.map((record) => record.target))) showState(block)
})

// --- Adding and deleting --------------------------------------------------------------------------------------------

function onAdded(event) {
  const block = event.target
  if (block.parentElement !== machine) return
  dress(block)
  settle()
  // Rich text is set up by another listener of this event.
  setTimeout(() => {
    const fields = block.querySelectorAll("fieldset :is(input, select, textarea, [contenteditable=true])")
    const first = [...fields].find((field) => field.offsetParent) ?? block.querySelector(".block-toggle")
    first?.focus()
    say(fill(words.added, placeOf(block)))
  })
}

function onDeleteTicked(event) {
  const box = event.target
  if (!box.matches(".block-controls > .delete > input[type=checkbox]")) return
  // Content-editor's handler takes the focus away.
  box.focus()
  say(fill(box.checked ? words.willBeDeleted : words.isKept, { block: nameOf(box.closest(BLOCK)) }))
}

// Before Django's own handler, which numbers the remaining forms of a kind in the order of the document: saved ones
// must keep the first numbers, or they would be saved as new.
function onRemoveClicked(event) {
  const link = event.target.closest?.(".inline-deletelink")
  const block = link?.closest(BLOCK)
  if (!block || block.parentElement !== machine) return
  if (beginning(block) && !confirm(fill(words.confirmRemoval, { block: nameOf(block) }))) {
    event.preventDefault()
    event.stopImmediatePropagation()
    return
  }
  const kindOf = (other) => other.id.replace(/-\d+$/, "")
  const numberOf = (other) => Number(other.id.match(/\d+$/))
  const ofKind = blocks().filter((other) => kindOf(other) === kindOf(block))
  machine.append(...ofKind.sort((a, b) => numberOf(a) - numberOf(b)))

  const all = inRegionOf(block)
  const at = all.indexOf(block)
  const neighbor = all[at + 1] ?? all[at - 1]
  const name = nameOf(block)
  document.addEventListener("formset:removed", () => setTimeout(afterRemoval, 0, name, neighbor), { once: true })
}

function afterRemoval(name, neighbor) {
  settle()
  blocks().forEach(mendDescriptions)
  const adder = machine.querySelector(":scope > .order-machine-insert-target")
  const next = neighbor?.querySelector(".block-toggle") ?? adder
  next?.focus()
  say(fill(words.removed, { block: name, count: neighbor ? inRegionOf(neighbor).length : 0 }))
}

// --- The whole ------------------------------------------------------------------------------------------------------

function addLastAdder() {
  const target = machine.querySelector(":scope > .order-machine-insert-target")
  if (!target) return
  const button = makeAdder(words.addLast, "last")
  target.remove()
  machine.append(button)
}

function start() {
  machine = document.querySelector(".order-machine")
  if (!machine) return
  status.className = "visually-hidden"
  status.role = "status"
  machine.parentElement.after(status)
  blocks().forEach(dress)
  settle()
  addLastAdder()
  document.addEventListener("formset:added", onAdded)
  document.addEventListener("click", onRemoveClicked, true)
  machine.addEventListener("change", onDeleteTicked)
  machine.addEventListener("focusout", (event) => {
    const block = event.target.closest(BLOCK)
    if (block) showBeginning(block)
  })
}

document.addEventListener("content-editor:ready", start)
