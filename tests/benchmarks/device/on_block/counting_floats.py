"""The same in floats."""

import session
from counting import Course
from floats.counter import Counter

# times stay whole: they wrap
samples = [value if i % 5 == 0 else float(value) for i, value in enumerate(session.samples)]
course = Course(Counter, samples)
begin = course.begin
go = course.go
