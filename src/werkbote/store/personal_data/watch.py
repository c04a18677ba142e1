"""The fields of what watches over much reading and large exports."""

from werkbote.store.personal_data import words

_WATCH = "noticing that many customers' data is read or taken out (Art. 32; § 2 GeschGehG)"

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.ReadingHour",
        purpose=_WATCH,
        member="member",
        fields=(
            *words.rows("id organisation token"),
            *words.each(
                "member hour marks stopped",
                words.Whose.MEMBER,
                words.Kind.STATE,
                why="says about how many persons were read, not who; shown to nobody below the threshold",
            ),
        ),
        ended=words.Ended.BY_AGE,
        kept="two days",
    ),
    words.Table(
        model="store.Handout",
        purpose=_WATCH,
        fields=(
            *words.rows("id organisation branches asked_by decided_by"),
            *words.work("way wanted persons state asked_at decided_at taken_at"),
        ),
        ended=words.Ended.KEPT,
        kept="every wish, to show who agreed; holds row numbers, codes and counts",
    ),
)
