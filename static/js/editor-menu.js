// The page editor's menu of kinds of block, as a menu that a keyboard can use: it takes the focus when it opens, arrows
// move in it, a letter finds a kind, Escape and Tab leave it for the button that opened it.

const words = JSON.parse(document.getElementById("editor-words").textContent)

function start() {
  const wrapper = document.querySelector(".order-machine-wrapper")
  const menu = wrapper?.querySelector(".plugin-buttons")
  if (!menu) return

  const items = () => [...menu.querySelectorAll(".plugin-button:not(.content-editor-hide)")]
  const isOpen = () => wrapper.classList.contains("plugin-buttons-visible")
  let opener = null

  function show() {
    opener?.setAttribute("aria-expanded", "false")
    if (!isOpen()) return
    opener = wrapper.querySelector(".order-machine-insert-target.selected")
    opener?.setAttribute("aria-expanded", "true")
    for (const item of items()) {
      item.role = "menuitem"
      item.tabIndex = -1
      item.removeAttribute("title")
      item.querySelector(".plugin-button-icon")?.setAttribute("aria-hidden", "true")
    }
    items()[0]?.focus()
    menu.scrollIntoView({ block: "nearest" })
  }

  // The same click that opened the menu closes it.
  function close() {
    opener?.focus()
    opener?.click()
  }

  function onKey(event) {
    const all = items()
    const at = all.indexOf(document.activeElement)
    const goTo = (index) => all[(index + all.length) % all.length]?.focus()
    const keys = {
      ArrowDown: () => goTo(at + 1),
      ArrowRight: () => goTo(at + 1),
      ArrowUp: () => goTo(at - 1),
      ArrowLeft: () => goTo(at - 1),
      Home: () => goTo(0),
      End: () => goTo(-1),
      Enter: () => all[at]?.click(),
      " ": () => all[at]?.click(),
      Escape: close,
    }
    if (event.key === "Tab") return close()
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (keys[event.key]) {
      event.preventDefault()
      keys[event.key]()
    } else if (event.key.length === 1) {
      const title = (item) => (item.querySelector(".plugin-button-title") ?? item).textContent.trim()
      const after = [...all.slice(at + 1), ...all.slice(0, at + 1)]
      after.find((item) => title(item).toLowerCase().startsWith(event.key.toLowerCase()))?.focus()
    }
  }

  menu.role = "menu"
  menu.setAttribute("aria-label", words.kindsOfBlock)
  menu.addEventListener("keydown", onKey)
  new MutationObserver(show).observe(wrapper, { attributes: true, attributeFilter: ["class"] })
}

document.addEventListener("content-editor:ready", start)
