//! UTF-16, with a byte order mark or without.

/// The order of the bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

/// Returns the order of a UTF-16 text, judged by its mark or by where its zero bytes stand.
pub(crate) fn order(head: &[u8]) -> Option<Order> {
    match head {
        [0xff, 0xfe, 0, 0, ..] => return None,
        [0xff, 0xfe, ..] => return Some(Order::Little),
        [0xfe, 0xff, ..] => return Some(Order::Big),
        _ => {}
    }
    // Without a mark: nearly all units of a text in a Latin script have one zero byte, on the same side.
    if head.len() < 16 || !matches!((head.first(), head.get(1)), (Some(0), Some(1..)) | (Some(1..), Some(0))) {
        return None;
    }
    let sample = head.get(..head.len().min(512)).unwrap_or(head);
    let units = sample.len() / 2;
    let zeros = |side: usize| sample.iter().skip(side).step_by(2).filter(|&&byte| byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, odd) if odd * 10 >= units * 9 => Some(Order::Little),
        (even, 0) if even * 10 >= units * 9 => Some(Order::Big),
        _ => None,
    }
}

/// Converts a UTF-16 text to UTF-8; what is no valid unit becomes the replacement character.
pub fn decode(text: &[u8]) -> Vec<u8> {
    let Some(order) = order(text) else {
        return Vec::new();
    };
    let units = text.chunks_exact(2).map(|pair| match (pair, order) {
        ([first, second], Order::Little) => u16::from_le_bytes([*first, *second]),
        ([first, second], Order::Big) => u16::from_be_bytes([*first, *second]),
        _ => 0,
    });
    let mut plain = String::with_capacity(text.len() / 2);
    plain.extend(
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).skip_while(|&mark| mark == '\u{feff}'),
    );
    plain.into_bytes()
}
