use std::sync::Arc;

use super::{Names, person, within};

fn names(people: &[(&str, &str)], whole: bool) -> Names {
    Names::of(Arc::new(people.iter().map(|(login, name)| ((*login).to_owned(), (*name).to_owned())).collect()), whole)
}

#[tokio::test]
async fn a_person_is_written_by_name_for_whoever_reads() {
    let known =
        names(&[("ines.vidal@example.org", "Ines Vidal"), ("bo@example.org", "bo@example.org"), ("li@example.com", "")], true);
    within(known, async {
        assert_eq!(person("ines.vidal@example.org"), "Ines Vidal");
        assert_eq!(person("bo@example.org"), "bo", "a login is no name");
        assert_eq!(person("li@example.com"), "li", "the domain is not the reader's, and it makes no difference");
        assert_eq!(person("gone@example.org"), "gone");
        assert_eq!(person("pager"), "pager");
        assert_eq!(person("@odd"), "@odd");
    })
    .await;
}

#[tokio::test]
async fn two_people_never_look_the_same() {
    let known =
        names(&[("kari@a.example", "Kari"), ("kari.n@a.example", "Kari"), ("bo@a.example", ""), ("bo@b.example", "")], true);
    within(known, async {
        for login in ["kari@a.example", "kari.n@a.example", "bo@a.example", "bo@b.example", "kari@c.example"] {
            assert_eq!(person(login), login);
        }
    })
    .await;
}

#[tokio::test]
async fn who_knows_only_themselves_reads_whole_logins_of_others() {
    within(names(&[("rita@example.org", "Rita")], false), async {
        assert_eq!(person("rita@example.org"), "Rita");
        assert_eq!(person("bo@example.org"), "bo@example.org");
    })
    .await;
}

#[test]
fn without_a_page_a_login_is_shortened() {
    assert_eq!(person("bo@example.org"), "bo");
    assert_eq!(Names::of(Arc::default(), true).word("bo"), "bo");
}
