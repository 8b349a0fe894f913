//! A random text that a pattern matches.

use regex_automata::util::syntax;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::Random;

/// A generated text and where its group `secret` stands.
pub(crate) struct Walked {
    pub(crate) text: Vec<u8>,
    pub(crate) secret: Option<(usize, usize)>,
}

pub(crate) fn walk(pattern: &str, random: &mut Random) -> Walked {
    let config = syntax::Config::new().unicode(false).utf8(false);
    let hir = syntax::parse_with(pattern, &config).expect("the rule's pattern was checked");
    let mut walked = Walked { text: Vec::new(), secret: None };
    step(&hir, random, &mut walked);
    walked
}

fn step(hir: &Hir, random: &mut Random, out: &mut Walked) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.text.extend_from_slice(&literal.0),
        HirKind::Class(class) => out.text.push(member(class, random)),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min + 8).min(repetition.min + 24);
            let extra = random.below((most - repetition.min) as usize + 1) as u32;
            for _ in 0..repetition.min + extra {
                step(&repetition.sub, random, out);
            }
        }
        HirKind::Capture(capture) => {
            let start = out.text.len();
            step(&capture.sub, random, out);
            if capture.name.as_deref() == Some("secret") {
                out.secret = Some((start, out.text.len()));
            }
        }
        HirKind::Concat(parts) => parts.iter().for_each(|part| step(part, random, out)),
        HirKind::Alternation(parts) => step(&parts[random.below(parts.len())], random, out),
    }
}

/// A member of the class, printable where it has one.
fn member(class: &Class, random: &mut Random) -> u8 {
    let ranges: Vec<(u8, u8)> = match class {
        Class::Bytes(bytes) => bytes.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Unicode(letters) => {
            letters.ranges().iter().map(|range| (range.start() as u8, range.end().min('\u{7e}') as u8)).collect()
        }
    };
    let mut members: Vec<u8> = ranges.iter().flat_map(|(low, high)| *low..=*high).collect();
    if members.iter().any(u8::is_ascii_alphanumeric) {
        // Common symbols would make a base64 alphabet end in `-` and words touch; one symbol in sixteen is enough.
        if random.below(16) > 0 {
            members.retain(u8::is_ascii_alphanumeric);
        } else {
            members.retain(u8::is_ascii_graphic);
        }
    } else if members.iter().any(u8::is_ascii_graphic) {
        members.retain(u8::is_ascii_graphic);
    }
    members[random.below(members.len())]
}
