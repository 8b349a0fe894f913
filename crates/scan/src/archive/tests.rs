use super::*;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use std::io::Write;

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).expect("memory writes");
    encoder.finish().expect("memory writes")
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, content) in files {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        archive.extend_from_slice(&header);
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).expect("memory writes");
        let data = encoder.finish().expect("memory writes");
        let offset = archive.len() as u32;
        let sizes = [&(data.len() as u32).to_le_bytes()[..], &(content.len() as u32).to_le_bytes()].concat();
        let name_len = (name.len() as u16).to_le_bytes();
        archive.extend_from_slice(b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0");
        archive.extend_from_slice(&[&sizes[..], &name_len, &[0, 0], name.as_bytes(), &data].concat());
        directory.extend_from_slice(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0");
        directory.extend_from_slice(&[&sizes[..], &name_len, &[0; 12], &offset.to_le_bytes(), name.as_bytes()].concat());
    }
    let start = archive.len() as u32;
    let count = (files.len() as u16).to_le_bytes();
    archive.extend_from_slice(&directory);
    let size = (directory.len() as u32).to_le_bytes();
    archive.extend_from_slice(&[&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &start.to_le_bytes(), &[0, 0]].concat());
    archive
}

fn opened(bytes: &[u8], limits: Limits) -> (Vec<(String, usize)>, Vec<(String, String)>) {
    let mut files = Vec::new();
    let mut opener = Opener::new(limits);
    opener.open(bytes, &mut |path, content| files.push((path.to_owned(), content.len())));
    (files, opener.incomplete)
}

#[test]
fn files_come_out_of_nested_archives_with_their_paths() {
    let inner = zip(&[("conf/.env", b"KEY=1"), ("b.txt", b"bb")]);
    let outer = gzip(&tar(&[("pkg/inner.zip", &inner), ("plain", b"text")]));
    let (files, incomplete) = opened(&outer, Limits::default());
    let paths: Vec<&str> = files.iter().map(|file| file.0.as_str()).collect();
    assert_eq!(paths, ["content!pkg/inner.zip!conf/.env", "content!pkg/inner.zip!b.txt", "content!plain"]);
    assert!(incomplete.is_empty(), "{incomplete:?}");
}

#[test]
fn a_bomb_stops_at_the_limit_and_is_reported() {
    let bomb = gzip(&vec![0; 4 << 20]);
    let (files, incomplete) = opened(&bomb, Limits { bytes: 1 << 40, ..Limits::default() });
    assert!(files[0].1 as u64 <= (bomb.len() as u64 * 100).max(1 << 20));
    assert_eq!(incomplete.len(), 1);
    let bomb = zip(&[("a", &vec![0; 4 << 20])]);
    let (files, incomplete) = opened(&bomb, Limits::default());
    assert!(files.is_empty());
    assert_eq!(incomplete, [("a".to_owned(), "expands beyond the limit".to_owned())]);
}

#[test]
fn depth_and_number_of_files_are_limited() {
    let mut nested = gzip(b"core");
    for _ in 0..5 {
        nested = gzip(&nested);
    }
    let (files, incomplete) = opened(&nested, Limits::default());
    assert!(files.is_empty());
    assert_eq!(incomplete.len(), 1);
    let many: Vec<(&str, &[u8])> = vec![("f", b"x"); 30];
    let (files, incomplete) = opened(&tar(&many), Limits { entries: 10, ..Limits::default() });
    assert_eq!((files.len(), incomplete.len()), (10, 1));
}

#[test]
fn damaged_archives_are_reported_and_never_panic() {
    let whole = zip(&[("a", b"some content that is deflated"), ("b", b"more")]);
    for cut in 0..whole.len() {
        let (files, incomplete) = opened(&whole[..cut], Limits::default());
        assert!(!files.is_empty() || !incomplete.is_empty(), "cut at {cut}");
    }
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 0xff;
        opened(&broken, Limits::default());
    }
}

#[test]
fn forms_that_are_not_opened_are_named() {
    let (files, incomplete) = opened(b"\xfd7zXZ\0 and more", Limits::default());
    assert!(files.is_empty());
    assert!(incomplete[0].1.contains("xz"));
}

#[test]
fn what_is_inside_has_a_path_of_its_own() {
    let path = |outer: &[u8], inner: &str| String::from_utf8(whole_path(outer, inner)).expect("the paths are text");
    assert_eq!(path(b"/usr/share/man/man5/hosts.5.gz", "content"), "/usr/share/man/man5/hosts.5");
    assert_eq!(path(b"a/b.tar.gz", "content!c/.env"), "a/b.tar/c/.env");
    assert_eq!(path(b"b.zip", "tests/c.json.gz!content"), "b.zip/tests/c.json");
    assert_eq!(path(b"", "c/.env"), "c/.env");
    assert_eq!(path(b"log", "content"), "log/content");
}
