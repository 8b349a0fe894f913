//! tar: POSIX ustar with pax paths and GNU long names.

use super::opener::Opener;

const BLOCK: usize = 512;

pub(super) fn open(opener: &mut Opener, bytes: &[u8], path: &str, depth: u8, each: &mut dyn FnMut(&str, &[u8])) {
    let (mut at, mut long_name) = (0, None);
    while let Some(header) = bytes.get(at..at + BLOCK) {
        if header.iter().all(|&byte| byte == 0) {
            return;
        }
        let Some(size) = header.get(124..136).and_then(number) else {
            return opener.skip(path, "the archive is damaged");
        };
        let start = at + BLOCK;
        let content = usize::try_from(size).ok().and_then(|size| bytes.get(start..start.checked_add(size)?));
        let Some(content) = content else {
            return opener.skip(path, "the archive ends within a file");
        };
        match header.get(156) {
            Some(b'L') => long_name = Some(text(content).to_vec()),
            Some(b'x') => long_name = pax_path(content).or(long_name),
            Some(b'0' | 0 | b'7') => {
                let name = long_name.take().unwrap_or_else(|| name(header));
                opener.spend(content.len());
                if !opener.entry(path, &name, content, depth, each) {
                    return;
                }
            }
            _ => long_name = None,
        }
        at = start + content.len().next_multiple_of(BLOCK);
    }
}

fn name(header: &[u8]) -> Vec<u8> {
    let mut name = header.get(345..500).map(text).unwrap_or_default().to_vec();
    if !name.is_empty() {
        name.push(b'/');
    }
    name.extend_from_slice(header.get(..100).map(text).unwrap_or_default());
    name
}

/// Reads an octal number, or a binary one when its first bit is set (GNU).
fn number(field: &[u8]) -> Option<u64> {
    let (&first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        return rest
            .iter()
            .try_fold(u64::from(first & 0x7f), |value, &byte| value.checked_mul(256)?.checked_add(u64::from(byte)));
    }
    let digits = field.iter().skip_while(|&&byte| byte == b' ').take_while(|byte| (b'0'..=b'7').contains(byte));
    digits.map(|digit| u64::from(digit - b'0')).try_fold(0_u64, |value, digit| value.checked_mul(8)?.checked_add(digit))
}

fn text(field: &[u8]) -> &[u8] {
    field.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// Finds `path=` among records of `LENGTH KEY=VALUE`.
fn pax_path(records: &[u8]) -> Option<Vec<u8>> {
    records.split(|&byte| byte == b'\n').find_map(|record| {
        let record = record.splitn(2, |&byte| byte == b' ').nth(1)?;
        record.strip_prefix(b"path=").map(<[u8]>::to_vec)
    })
}
