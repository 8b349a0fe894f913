//! HTML from scanners as plain text.

/// Returns the text of an HTML fragment: tags vanish, paragraphs and breaks become line ends, the five entities of
/// XML and decimal and hexadecimal references become characters. The result is text and never markup again.
pub(crate) fn plain_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = if from.starts_with('<') { tag(from, &mut out) } else { entity(from, &mut out) };
    }
    out.push_str(rest);
    out.trim().to_owned()
}

fn tag<'a>(from: &'a str, out: &mut String) -> &'a str {
    let name = from.trim_start_matches(['<', '/']);
    let is_tag = name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '!');
    match from.find('>').filter(|_| is_tag) {
        Some(end) => {
            let breaks = ["p", "br", "li", "div", "tr"];
            let word: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
            if breaks.contains(&word.to_ascii_lowercase().as_str()) && !out.ends_with('\n') {
                out.push('\n');
            }
            from.get(end + 1..).unwrap_or_default()
        }
        None => {
            out.push('<');
            from.get(1..).unwrap_or_default()
        }
    }
}

fn entity<'a>(from: &'a str, out: &mut String) -> &'a str {
    let found = from
        .get(1..)
        .and_then(|inner| inner.split_once(';'))
        .filter(|(name, _)| name.len() <= 8)
        .and_then(|(name, rest)| Some((character(name)?, rest)));
    match found {
        Some((char, rest)) => {
            out.push(char);
            rest
        }
        None => {
            out.push('&');
            from.get(1..).unwrap_or_default()
        }
    }
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
