//! The literal texts that a pattern's matches begin with.

/// More beginnings than this are no marks of a format.
const PREFIXES_MAX: usize = 16;
/// Longer beginnings tell nothing more.
const PREFIX_BYTES_MAX: usize = 24;

/// Returns the texts of which one begins every match of `pattern`; empty when the pattern starts with anything open.
///
/// Plain characters, escaped ones, small classes and alternatives of plain text are read; what follows is left out.
pub(super) fn prefixes(pattern: &str) -> Vec<Vec<u8>> {
    let mut found = vec![Vec::new()];
    let mut rest = pattern.as_bytes();
    rest = rest.strip_prefix(b"(?P<secret>").unwrap_or(rest);
    while let Some((choices, length)) = piece(rest) {
        let after = rest.get(length..).unwrap_or_default();
        // A piece that repeats or may be missing ends what is certain.
        if matches!(after.first(), Some(b'?' | b'*' | b'{' | b'+')) || found.len() * choices.len() > PREFIXES_MAX {
            break;
        }
        found = found.iter().flat_map(|start| choices.iter().map(move |end| [start.as_slice(), end].concat())).collect();
        rest = after;
        if found.iter().any(|text| text.len() >= PREFIX_BYTES_MAX) {
            break;
        }
    }
    found.retain(|text| !text.is_empty());
    found
}

/// Returns the texts that the first piece of `pattern` matches, and its length in the pattern.
fn piece(pattern: &[u8]) -> Option<(Vec<Vec<u8>>, usize)> {
    match pattern {
        [b'\\', escaped, ..] if escaped.is_ascii_punctuation() => Some((vec![vec![*escaped]], 2)),
        [b'[', rest @ ..] => {
            let length = rest.iter().position(|byte| *byte == b']')?;
            let class = rest.get(..length)?;
            let plain = !class.is_empty() && class.iter().all(u8::is_ascii_alphanumeric);
            plain.then(|| (class.iter().map(|byte| vec![*byte]).collect(), length + 2))
        }
        [b'(', b'?', b':', rest @ ..] => {
            let length = rest.iter().position(|byte| *byte == b')')?;
            let choices: Vec<Vec<u8>> = rest.get(..length)?.split(|byte| *byte == b'|').map(<[u8]>::to_vec).collect();
            let plain = |text: &Vec<u8>| text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
            choices.iter().all(plain).then_some((choices, length + 4))
        }
        [byte, ..] if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/' | b':' | b'%') => {
            Some((vec![vec![*byte]], 1))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::prefixes;

    fn texts(pattern: &str) -> Vec<String> {
        prefixes(pattern).into_iter().map(|text| String::from_utf8(text).expect("patterns are text")).collect()
    }

    #[test]
    fn what_is_certain_of_a_start_is_read() {
        assert_eq!(texts(r"re_[1-9]{8}_[1-9]{24}"), ["re_"]);
        assert_eq!(texts(r"sq[pu]_[0-9a-f]{40}"), ["sqp_", "squ_"]);
        assert_eq!(texts(r"(?P<secret>SG\.[0-9]{4})"), ["SG."]);
        assert_eq!(texts(r"dckr_(?:pat|oat)_[a-z]{4}"), ["dckr_pat_", "dckr_oat_"]);
    }

    #[test]
    fn what_may_be_missing_is_left_out() {
        assert!(texts(r"[0-9a-f]{32}").is_empty());
        assert_eq!(texts(r"ab?c"), ["a"]);
        assert!(texts(r"(?:FlyV1 )?fm2_").is_empty());
    }
}
