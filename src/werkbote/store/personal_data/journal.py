"""What is kept about erasures: row numbers that lead to nobody any more."""

from werkbote.store.personal_data import words

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.ErasureMark",
        purpose="erasing again what a restored backup brings back (Art. 5(2), 17)",
        fields=(
            *words.rows("id organisation subject_ref"),
            *words.work("scope announced_at settled_at"),
        ),
        ended=words.Ended.KEPT,
        kept="as long as backups may bring the person back; leads to nobody",
    ),
)
