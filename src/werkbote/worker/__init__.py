"""Jobs and the timetable: when deeds run without anybody watching."""
