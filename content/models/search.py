"""What search looks in: made from the versions that are live or will be, and made anew from them at any time."""

from __future__ import annotations

from django.db import models

from content.models.version import PageVersion


class SearchEntry(models.Model):
    """One version of a page. The four texts hold the stems of its words in reading order: title, short answer, headings
    and questions, all the rest. The database's own full-text index is made over them (`content.searching`)."""

    version = models.OneToOneField(PageVersion, on_delete=models.CASCADE, related_name="search_entry")
    # Of the way in which words were read when it was made (`content.searching.words.READING`).
    reading = models.PositiveSmallIntegerField()
    title = models.TextField()
    summary = models.TextField()
    headings = models.TextField()
    body = models.TextField()
    # In reading order [{"id": of the heading or "", "heading", "text", "stems": of heading and text}].
    sections = models.JSONField()
    # The tables of levels of care on it, which are filled when they are shown: [{"id", "heading", "ages"}].
    tables = models.JSONField(default=list)

    class Meta:
        verbose_name = "search entry"
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"version {self.version_id}"


class SearchTrigram(models.Model):
    """Three letters that follow each other in a word of some entry: how a word is found that somebody misspelt."""

    language = models.CharField(max_length=8)
    trigram = models.CharField(max_length=3)
    word = models.CharField(max_length=40)

    class Meta:
        verbose_name = "trigram"
        verbose_name_plural = "trigrams"
        constraints = [models.UniqueConstraint(fields=["language", "word", "trigram"], name="searchtrigram_once")]
        indexes = [models.Index(fields=["language", "trigram", "word"], name="searchtrigram_idx")]

    def __str__(self) -> str:
        return f"{self.trigram}: {self.word}"
