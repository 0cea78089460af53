"""What the course page says, in the language that is spoken."""

from fieldguide.words import Words

say = Words("coursepage").say
