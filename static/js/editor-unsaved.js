// What was sent and may not have arrived, because the login had expired, is kept in this browser tab (sessionStorage, by
// the form's number) until the server names the form as saved, in a cookie, or its writer throws it away. When the editor
// of that page is opened again, in the same tab by the same person, it is offered.

const PREFIX = "unsaved-page:"

const guard = document.getElementById("editor-guard")
const form = guard?.closest("form")

// --- Keeping --------------------------------------------------------------------------------------------------------

function keep() {
  const fields = [...new FormData(form)].filter(([name, value]) => {
    return name !== "csrfmiddlewaretoken" && !name.includes("__prefix__") && typeof value === "string"
  })
  const entry = {
    path: location.pathname,
    search: location.search,
    user: guard.dataset.user,
    at: Date.now(),
    fields,
    words: wordsOf(form),
  }
  try {
    sessionStorage.setItem(PREFIX + form.elements.form_id.value, JSON.stringify(entry))
    return true
  } catch {
    return false // The tab's storage is full or switched off.
  }
}

// [label, text] of everything that was typed, in the order of the page.
function wordsOf(place) {
  const typed = place.querySelectorAll(":is(input[type=text], input[type=url], input[type=number], textarea):not(:disabled)")
  const words = []
  for (const field of typed) {
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`)
    if (!label || !field.value.trim() || field.closest(".empty-form")) continue
    const kind = field.closest(".inline-related")?.querySelector(":scope > h3 > b")?.textContent.trim()
    const name = label.textContent.trim().replace(/:$/, "")
    words.push([kind && kind !== name ? `${kind}: ${name}` : name, textOf(field.value)])
  }
  return words
}

function textOf(value) {
  if (!value.startsWith("<")) return value
  const body = new DOMParser().parseFromString(value.replace(/<\/(p|li|h2|h3)>/g, "$&\n"), "text/html").body
  return body.textContent.replace(/\n\s+/g, "\n").trim()
}

function forgetSaved() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith(`${guard.dataset.savedCookie}=`))
  for (const number of cookie?.split("=")[1].split(".") ?? []) sessionStorage.removeItem(PREFIX + number)
}

// --- Offering -------------------------------------------------------------------------------------------------------

function offers() {
  const entries = Object.keys(sessionStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ key, ...JSON.parse(sessionStorage.getItem(key)) }))
  return entries
    .filter((entry) => entry.path === location.pathname && entry.user === guard.dataset.user)
    .sort((a, b) => b.at - a.at)
}

function offer(entry) {
  const section = document.getElementById("unsaved-offer").content.cloneNode(true).firstElementChild
  const time = section.querySelector("time")
  time.dateTime = new Date(entry.at).toISOString()
  const clock = { timeStyle: "short", timeZone: guard.dataset.zone }
  const words = new Date(entry.at).toLocaleTimeString(document.documentElement.lang, clock)
  // As times are written everywhere else here: 12:08 p.m.
  time.textContent = words.replace(/\s([AP])M$/, (_, half) => ` ${half.toLowerCase()}.m.`)
  const list = section.querySelector("dl")
  for (const [label, text] of entry.words) {
    list.append(
      Object.assign(document.createElement("dt"), { textContent: label }),
      Object.assign(document.createElement("dd"), { textContent: text }),
    )
  }
  section.querySelector("[data-choice=save]").addEventListener("click", () => sendAgain(entry))
  section.querySelector("[data-choice=discard]").addEventListener("click", (event) => {
    if (!confirm(event.currentTarget.dataset.question)) return
    sessionStorage.removeItem(entry.key)
    section.remove()
    document.getElementById("id_title").focus()
  })
  guard.append(section)
  return section
}

// Exactly what was typed, as a draft and with the token of now. If somebody has saved since, the server shows both.
function sendAgain(entry) {
  const again = Object.assign(document.createElement("form"), { method: "post", action: entry.path + entry.search })
  const token = form.elements.csrfmiddlewaretoken.value
  for (const [name, value] of [...entry.fields, ["_continue", "1"], ["csrfmiddlewaretoken", token]]) {
    again.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
  }
  document.body.append(again)
  again.submit()
}

// --- The whole ------------------------------------------------------------------------------------------------------

if (guard) {
  forgetSaved()
  document.addEventListener("submit", (event) => {
    if (event.target === form && !event.defaultPrevented) keep()
  })
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-keeps-typed]") && keep()) document.dispatchEvent(new Event("editor:kept"))
  })
  // A form that came back holds what was typed itself.
  if (guard.dataset.isPosted === undefined) offers().map(offer)[0]?.querySelector("h2").focus()
}
