# {{title-en}}

What this context is for, in a sentence that names its rules by their numbers.

| stream | what |
| --- | --- |
| `{{category}}-<{{thing}}Id>` | opened until the end of a day, closed by an office or by itself |

**Events out**: `{{context}}.*.v1` (see the event catalogue). **Events in**: none.
**Read model**: `{{thing-name}}-list`.
**Time**: a reaction stores a deadline, the midnight in Rome after the last day; the deadline closes what is still open, once, and survives restarts.

Start reading at `src/{{thing-name}}/{{thing-name}}.decider.ts`.
