//! Names that tell nothing: short ids and codenames.

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const FIRST: [&str; 64] = [
    "amber", "ashen", "bold", "brisk", "broad", "calm", "clear", "copper", "coral", "dapper", "deep", "dry", "dusky", "early",
    "even", "faint", "fleet", "frosty", "gentle", "gilt", "glad", "grand", "green", "grey", "hardy", "hazel", "high", "hushed",
    "iron", "ivory", "keen", "kind", "late", "level", "light", "low", "lucid", "mellow", "mild", "misty", "neat", "noble",
    "northern", "olive", "pale", "plain", "proud", "quick", "quiet", "rapid", "russet", "sable", "sandy", "silver", "slate",
    "slow", "solid", "steady", "still", "swift", "tall", "tidal", "warm", "wide",
];
const SECOND: [&str; 64] = [
    "acorn", "anchor", "aspen", "badger", "barley", "beacon", "birch", "bison", "brook", "cedar", "cliff", "clover", "comet",
    "crane", "delta", "dune", "ember", "falcon", "fern", "finch", "fjord", "forge", "gale", "glade", "gull", "harbour", "hare",
    "heron", "hollow", "inlet", "island", "jasper", "juniper", "kestrel", "lagoon", "lantern", "larch", "linden", "lynx",
    "magpie", "maple", "marsh", "meadow", "mesa", "moor", "orchard", "osprey", "otter", "pebble", "pine", "plover", "quail",
    "quarry", "raven", "reed", "ridge", "river", "spruce", "summit", "tern", "thistle", "valley", "willow", "wren",
];

/// Makes an incident's short id from four random bytes: `INC-` and five letters of Crockford's alphabet.
///
/// Random, because a running number would tell outsiders that a hidden incident exists.
pub fn short_id(random: [u8; 4]) -> String {
    let mut bits = u32::from_be_bytes(random);
    let mut out = String::from("INC-");
    for _ in 0..5 {
        out.push(char::from(LETTERS[(bits & 31) as usize]));
        bits >>= 5;
    }
    out
}

/// Tells whether a text has the form of a short id, in either case.
pub fn is_short_id(text: &str) -> bool {
    text.len() == 9
        && text.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("INC-"))
        && text.bytes().skip(4).all(|byte| LETTERS.contains(&byte.to_ascii_uppercase()))
}

/// Makes a codename of two plain words from two random bytes.
pub fn codename(random: [u8; 2]) -> String {
    format!("{}-{}", FIRST[usize::from(random[0] & 63)], SECOND[usize::from(random[1] & 63)])
}
