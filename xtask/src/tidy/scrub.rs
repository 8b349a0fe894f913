//! Rust source without its comments or texts, so that a word in prose is not taken for code.

/// Which parts of a source to keep; what goes becomes blanks, so that lines stay where they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Code and the contents of string literals; comments go.
    CodeAndStrings,
    /// Code alone.
    Code,
}

/// Returns the source with the same number of lines and the unwanted parts blanked out.
pub(crate) fn scrub(source: &str, keep: Keep) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let (length, kept) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), false)
        } else if rest.starts_with("/*") {
            (block_comment(rest), false)
        } else if let Some(length) = raw_string(rest).filter(|_| !ends_in_word(&out)) {
            (length, keep == Keep::CodeAndStrings)
        } else if first == '"' {
            (plain_string(rest), keep == Keep::CodeAndStrings)
        } else if let Some(length) = character(rest) {
            (length, keep == Keep::CodeAndStrings)
        } else {
            (first.len_utf8(), true)
        };
        let (part, after) = rest.split_at(length);
        if kept {
            out.push_str(part);
        } else {
            out.extend(part.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        }
        rest = after;
    }
    out
}

/// Returns the source up to its unit tests: a `#[cfg(test)]` that stands at the start of a line ends it.
pub(crate) fn before_tests(source: &str) -> &str {
    source.find("\n#[cfg(test)]\nmod ").map_or(source, |end| source.get(..=end).unwrap_or(source))
}

fn ends_in_word(text: &str) -> bool {
    text.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '_')
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        match (character, next) {
            ('/', Some('*')) => {
                depth += 1;
                characters.next();
            }
            ('*', Some('/')) => {
                depth -= 1;
                characters.next();
                if depth == 0 {
                    return at + 2;
                }
            }
            _ => {}
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('b').unwrap_or(rest).strip_prefix('r')?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    let body = inner.get(hashes..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = rest.len() - body.len();
    Some(body.find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

fn plain_string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Returns the length of a character literal; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    let mut characters = body.char_indices();
    let (_, first) = characters.next()?;
    if first == '\\' {
        // The escaped character is never the end, then the next quote is: '\'' and '\u{41}'.
        characters.next()?;
        return characters.find(|(_, character)| *character == '\'').map(|(at, _)| at + 2);
    }
    let (at, second) = characters.next()?;
    (second == '\'').then_some(at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, code: &str) {
        assert_eq!(scrub(source, Keep::Code).split_whitespace().collect::<Vec<_>>().join(" "), code, "{source}");
        assert_eq!(scrub(source, Keep::Code).lines().count(), source.lines().count());
    }

    #[test]
    fn comments_and_texts_go_and_code_stays() {
        check("let a = 1; // todo", "let a = 1;");
        check("a /* x /* y */ z */ b", "a b");
        check(r#"call("a // b \" c") + 1"#, "call( ) + 1");
        check("let x = r#\"a \" b\"#; y", "let x = ; y");
        check("fn f<'a>(x: &'a str) -> char { '\"' }", "fn f<'a>(x: &'a str) -> char { }");
        check(r"match c { '\'' => 1, '\u{41}' => 2 }", "match c { => 1, => 2 }");
        check("attr\"tail\" + b\"bytes\"", "attr + b");
    }

    #[test]
    fn strings_can_be_kept() {
        assert_eq!(scrub("f(\"slack\") // slack", Keep::CodeAndStrings).trim(), "f(\"slack\")");
    }

    #[test]
    fn unit_tests_are_cut_off() {
        assert_eq!(before_tests("code\n#[cfg(test)]\nmod tests { x }\n"), "code\n");
        assert_eq!(before_tests("code"), "code");
    }
}
