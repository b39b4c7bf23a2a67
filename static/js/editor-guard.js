// The page editor warns before unsaved changes are left, and says who else has the page open, and whether it was saved
// meanwhile. What was typed is kept by editor-unsaved.js.

// Nobody is told of an editor who has not looked at the page for this long.
const HIDDEN_TOO_LONG = 10 * 60 * 1000
// Content-editor scrolls back to where the page was saved 200 ms after it is ready.
const AFTER_ITS_SCROLLING = 250

const guard = document.getElementById("editor-guard")
const form = guard?.closest("form")

// --- Unsaved changes ------------------------------------------------------------------------------------------------

let untouched = null
let isLeaving = false

// Everything that would be sent, whatever the order: moving a block's node is not a change, its new place is.
function contents() {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken")
  return JSON.stringify(fields.map((field) => field.join("=")).sort())
}

function hasChanges() {
  return guard.dataset.isPosted !== undefined || (untouched !== null && contents() !== untouched)
}

function watchForChanges() {
  untouched = contents()
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && hasChanges()) event.preventDefault()
  })
  document.addEventListener("submit", (event) => {
    isLeaving ||= event.target === form && !event.defaultPrevented
  })
  document.addEventListener("editor:kept", () => {
    isLeaving = true
  })
  window.addEventListener("pageshow", () => {
    isLeaving = false
  })
}

// --- Who else is here -----------------------------------------------------------------------------------------------

let hiddenSince = null
let isLoggedOut = false

function show(sentences) {
  const place = guard.querySelector(".editor-presence")
  const shown = [...place.children].map((paragraph) => paragraph.textContent)
  // What is said already is not read out again.
  if (shown.join("\n") === sentences.join("\n")) return
  place.replaceChildren(
    ...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })),
  )
}

const token = () => form.elements.csrfmiddlewaretoken
const ask = (options) => fetch(guard.dataset.url, { redirect: "manual", ...options })

async function beat() {
  if (hiddenSince && Date.now() - hiddenSince > HIDDEN_TOO_LONG) return
  if (isLoggedOut && !(await renewToken())) return
  const body = new URLSearchParams({ edit_number: form.elements.edit_number.value })
  const send = () => ask({ method: "POST", body, headers: { "X-CSRFToken": token().value } })
  let answer = await send()
  if (answer.status === 403 && (await renewToken())) answer = await send()
  isLoggedOut = answer.type === "opaqueredirect"
  if (isLoggedOut) show([document.getElementById("logged-out-words").content.textContent])
  else if (answer.ok) show((await answer.json()).sentences)
}

// After logging in anew, in another tab, the token that this form came with is refused.
async function renewToken() {
  const answer = await ask()
  if (answer.ok) token().value = (await answer.json()).token
  return answer.ok
}

function keepInTouch() {
  // Without a network there is nothing to say, and the next time comes.
  const quietly = () => beat().catch(() => {})
  setInterval(quietly, guard.dataset.seconds * 1000)
  document.addEventListener("visibilitychange", () => {
    hiddenSince = document.hidden ? Date.now() : null
    if (!document.hidden) quietly()
  })
}

function showRefusal() {
  const heading = document.getElementById("conflict-title")
  // Who types already is not interrupted.
  if (!heading || document.activeElement !== document.body) return
  heading.focus()
  heading.scrollIntoView({ block: "start" })
}

// --- The whole ------------------------------------------------------------------------------------------------------

if (guard) {
  document.addEventListener("content-editor:ready", () => setTimeout(watchForChanges))
  if (guard.dataset.url) keepInTouch()
  document.addEventListener("content-editor:ready", () => setTimeout(showRefusal, AFTER_ITS_SCROLLING))
}
