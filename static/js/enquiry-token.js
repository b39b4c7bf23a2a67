// Browsers are told to keep no copy of the form, so Back and Reload fetch it anew, with another one-time token. This tab's
// history remembers the one that the form had at first: sending it again then meets the enquiry that it made, not a second
// one. Opened by a link it is a new form, for somebody else perhaps, and keeps its own token.
const field = document.querySelector('.enquiry-form input[name="token"]');
const isSeenAgain = ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);
const kept = history.state?.enquiryToken;

if (isSeenAgain && kept) {
  field.value = kept;
} else {
  history.replaceState({ ...history.state, enquiryToken: field.value }, "");
}
