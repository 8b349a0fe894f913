//! How files write a name and a value.

use crate::rule::Random;

/// One way to write an assignment.
pub(super) struct Layout {
    pub(super) path: &'static str,
    form: &'static str,
    case: Case,
}

#[derive(Clone, Copy)]
enum Case {
    Snake,
    Upper,
    Camel,
    Dotted,
    Kebab,
}

const TRAINING: &[Layout] = &[
    Layout { path: "app/.env", form: "K=V", case: Case::Upper },
    Layout { path: "deploy/.env.production", form: "K=\"V\"", case: Case::Upper },
    Layout { path: "config/application.properties", form: "app.K=V", case: Case::Dotted },
    Layout { path: "config/app.yml", form: "  K: V", case: Case::Snake },
    Layout { path: "config/app.yaml", form: "  K: \"V\"", case: Case::Camel },
    Layout { path: "config/settings.json", form: "  \"K\": \"V\",", case: Case::Camel },
    Layout { path: "src/settings.py", form: "K = \"V\"", case: Case::Upper },
    Layout { path: "src/client.py", form: "    client = connect(K='V')", case: Case::Snake },
    Layout { path: "src/main.js", form: "const K = 'V';", case: Case::Camel },
    Layout { path: "src/config.ts", form: "  K: 'V',", case: Case::Camel },
    Layout { path: "src/Main.java", form: "    private static final String K = \"V\";", case: Case::Upper },
    Layout { path: "src/main.go", form: "\tK := \"V\"", case: Case::Camel },
    Layout { path: "main.tf", form: "  K = \"V\"", case: Case::Snake },
    Layout { path: "Dockerfile", form: "ENV K=V", case: Case::Upper },
    Layout { path: "scripts/run.sh", form: "export K='V'", case: Case::Upper },
    Layout { path: "app/Web.config", form: "    <add key=\"K\" value=\"V\" />", case: Case::Camel },
    Layout { path: "conf/settings.xml", form: "  <K>V</K>", case: Case::Camel },
    Layout { path: "conf/app.ini", form: "K = V", case: Case::Snake },
    Layout { path: "tests/test_login.py", form: "    K = 'V'", case: Case::Snake },
    Layout { path: "docs/setup.md", form: "    K=V", case: Case::Upper },
    Layout { path: "src/auth.py", form: "    if K == \"V\":", case: Case::Snake },
    Layout { path: "src/Setup.java", form: "        builder.K(\"V\");", case: Case::Camel },
    Layout { path: "src/config.js", form: "const value = process.env.K || 'V';", case: Case::Upper },
];

const HELD_OUT: &[Layout] = &[
    Layout { path: "services/api/prod.env", form: "export K=V", case: Case::Upper },
    Layout { path: "helm/values.yaml", form: "    K: 'V'", case: Case::Camel },
    Layout { path: "k8s/deployment.yaml", form: "        - name: K\n          value: \"V\"", case: Case::Upper },
    Layout { path: "appsettings.json", form: "    \"K\": \"V\",", case: Case::Camel },
    Layout { path: "lib/client.rb", form: "  config.K = \"V\"", case: Case::Snake },
    Layout { path: "src/config.php", form: "define('K', 'V');", case: Case::Upper },
    Layout { path: "src/lib.rs", form: "const K: &str = \"V\";", case: Case::Upper },
    Layout { path: "src/Config.cs", form: "    public string K = \"V\";", case: Case::Camel },
    Layout { path: "src/app.kt", form: "val K: String = \"V\"", case: Case::Camel },
    Layout { path: "terraform.tfvars", form: "K = \"V\"", case: Case::Snake },
    Layout { path: "config/db.toml", form: "K = \"V\"", case: Case::Snake },
    Layout { path: "etc/server.cfg", form: "K=V", case: Case::Kebab },
    Layout { path: "src/app.php", form: "    'K' => 'V',", case: Case::Snake },
];

pub(super) fn pick(random: &mut Random, held_out: bool) -> &'static Layout {
    let layouts = if held_out { HELD_OUT } else { TRAINING };
    &layouts[random.below(layouts.len())]
}

impl Layout {
    /// Returns whether the value can stand in this layout as it is.
    pub(super) fn fits(&self, value: &str) -> bool {
        let quoted = self.form.contains("\"V\"") || self.form.contains("'V'");
        let blanks = value.contains(' ') || value.contains('#') || value.contains(';');
        (quoted || !blanks) && !value.contains(['"', '\'', '\\', '<', '&', '$']) || value.starts_with("${")
    }

    pub(super) fn line(&self, key: &str, value: &str, _number: usize) -> String {
        let words: Vec<&str> = key.split('_').collect();
        let key = match self.case {
            Case::Snake => key.to_owned(),
            Case::Upper => key.to_uppercase(),
            Case::Dotted => words.join("."),
            Case::Kebab => words.join("-"),
            Case::Camel => words
                .iter()
                .enumerate()
                .map(|(at, word)| if at == 0 { (*word).to_owned() } else { word[..1].to_uppercase() + &word[1..] })
                .collect(),
        };
        self.form.replace('K', "\u{1}").replace('V', "\u{2}").replace('\u{1}', &key).replace('\u{2}', value)
    }
}
