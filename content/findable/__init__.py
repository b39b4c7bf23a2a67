"""What search engines, feed readers and link previews are given. Never more than readers see."""
