//! Tests of the generic scanner: one line of each kind in which secrets leak, and of each that looks like it.

use super::{FileContext, FileKind, scan};
use crate::finding::Confidence;

fn values(path: &str, text: &str) -> Vec<String> {
    let file = FileContext { path: path.as_bytes(), kind: FileKind::of_path(path.as_bytes()) };
    let mut candidates = Vec::new();
    scan(text.as_bytes(), &file, &mut candidates);
    candidates
        .iter()
        .filter(|candidate| candidate.confidence >= Confidence::Medium)
        .map(|candidate| text[candidate.start..candidate.end].to_owned())
        .collect()
}

/// Each line: path, text, value that must be found.
const FOUND: &[(&str, &str, &str)] = &[
    ("deploy.yaml", "env:\r\n  - name: DB_PASSWORD\r\n    value: \"mX92kdLqZ7\"\r\n", "mX92kdLqZ7"),
    (".netrc", "machine a.example login b password \"S3k Lq82mX\"\n", "S3k Lq82mX"),
    (".yarnrc.yml", "npmRegistries:\n  \"//npm.corp\":\n    npmAuthIdent: \"ci:S3kLq82mX\"\n", "ci:S3kLq82mX"),
    ("unattend.xml", "<AdministratorPassword>\n  <Value>S3kLq82mX</Value>\n</AdministratorPassword>\n", "S3kLq82mX"),
    ("people.ldif", "dn: cn=a\nuserPassword: S3kLq82mX\n", "S3kLq82mX"),
    ("run.sh", "htpasswd -bB .htpasswd admin S3kLq82mX", "S3kLq82mX"),
    ("a.java", "String u = \"jdbc:sqlserver://db:1433;user=sa;password=S3k@Lq82mX\";", "S3k@Lq82mX"),
    ("my.cnf", "[client]\npassword=LSq.rJpyjLw\n", "LSq.rJpyjLw"),
    ("a.conf", "host=db port=5432 user=a password=S3k&Lq82mX sslmode=require", "S3k&Lq82mX"),
    ("app/.env", "DB_PASSWORD=kT9#vLq2!mZx", "kT9#vLq2!mZx"),
    ("app/.env", "export API_SECRET='v8Jq2LmX0cRt5Yw1'", "v8Jq2LmX0cRt5Yw1"),
    ("config/database.yml", "production:\n  adapter: mysql2\n  password: xV7mQp29sT\n", "xV7mQp29sT"),
    ("application.properties", "spring.datasource.password=Gh7$kLp0Qw", "Gh7$kLp0Qw"),
    ("conf/app.ini", "[smtp]\nsmtp_pass = Zw83kdLq\n", "Zw83kdLq"),
    ("config.json", "{\"clientSecret\": \"Vb7nQ2xR9tLm4Kz8Wp3s\"}", "Vb7nQ2xR9tLm4Kz8Wp3s"),
    ("main.tf", "resource \"aws_db_instance\" \"x\" {\n  password = \"Rt6uJk92!pLs\"\n}", "Rt6uJk92!pLs"),
    ("terraform.tfvars", "db_password = \"Rt6uJk92!pLs\"", "Rt6uJk92!pLs"),
    ("Dockerfile", "ENV REDIS_PASSWORD hT5kLm9Qz2", "hT5kLm9Qz2"),
    ("Dockerfile", "ENV REDIS_PASSWORD=hT5kLm9Qz2 PORT=1", "hT5kLm9Qz2"),
    ("src/a.py", "PASSWORD = \"n7Kp!x29Lm\"", "n7Kp!x29Lm"),
    ("src/a.py", "conn = connect(host='db', password='n7Kp!x29Lm')", "n7Kp!x29Lm"),
    ("src/a.py", "token = os.environ.get(\"API_TOKEN\", \"d81f0c3b7a9e4526bd01\")", "d81f0c3b7a9e4526bd01"),
    ("src/a.js", "const apiKey = process.env.API_KEY || 'Lk29dmXq81PzTr05';", "Lk29dmXq81PzTr05"),
    ("src/a.ts", "  password: 'pR4!kd92Lx',", "pR4!kd92Lx"),
    ("src/A.java", "dataSource.setPassword(\"qW8zX3mK!5\");", "qW8zX3mK!5"),
    ("src/a.go", "\tpassword := \"qW8zX3mK5v\"", "qW8zX3mK5v"),
    ("src/a.go", "os.Setenv(\"DB_PASSWORD\", \"qW8zX3mK5v\")", "qW8zX3mK5v"),
    ("src/a.cs", "private const string ApiKey = \"b7Tk20LmZx91Qs\";", "b7Tk20LmZx91Qs"),
    ("src/a.php", "define('DB_PASSWORD', 'tY7!mKw3zQ');", "tY7!mKw3zQ"),
    ("src/a.php", "'password' => 'tY7!mKw3zQ',", "tY7!mKw3zQ"),
    ("src/a.rb", "config.secret_key = \"9f8e7d6c5b4a39281706f5e4d3c2b1a0\"", "9f8e7d6c5b4a39281706f5e4d3c2b1a0"),
    ("src/a.rs", "const TOKEN: &str = \"Zk82mLqX0vTr61Yp\";", "Zk82mLqX0vTr61Yp"),
    ("src/a.kt", "val password: String = \"kL9!mzQ27x\"", "kL9!mzQ27x"),
    ("src/a.swift", "let apiSecret = \"kL9mzQ27xv01Tr\"", "kL9mzQ27xv01Tr"),
    ("src/a.c", "static const char password[] = \"kL9!mzQ27x\";", "kL9!mzQ27x"),
    ("src/a.h", "#define API_SECRET \"kL9mzQ27xv01Tr\"", "kL9mzQ27xv01Tr"),
    ("src/a.cs", "public string WebhookSecret { get; set; } = \"b7Tk20LmZx91Qs\";", "b7Tk20LmZx91Qs"),
    ("build.gradle", "signing {\n  storePassword \"kL9mzQ27xv\"\n}", "kL9mzQ27xv"),
    ("run.ps1", "$s = ConvertTo-SecureString \"kL9!mzQ27x\" -AsPlainText -Force", "kL9!mzQ27x"),
    ("init.sql", "CREATE USER 'app'@'%' IDENTIFIED BY 'kL9!mzQ27x';", "kL9!mzQ27x"),
    ("init.sql", "ALTER ROLE app WITH LOGIN PASSWORD 'kL9!mzQ27x';", "kL9!mzQ27x"),
    ("Makefile", "DEPLOY_SECRET ?= b7Tk20LmZx91Qs\n", "b7Tk20LmZx91Qs"),
    ("app.service", "[Service]\nEnvironment=\"DB_PASSWORD=kL9mzQ27xv\"\n", "kL9mzQ27xv"),
    ("notes.md", "The password is `kL9!mzQ27x`.", "kL9!mzQ27x"),
    ("app.properties", "mail.password=harbour-lamp-4821", "harbour-lamp-4821"),
    ("a.yaml", "data:\n  db-pass: a0w5bXpRMjd4\nkind: Secret\n", "a0w5bXpRMjd4"),
    ("web.config", "<add key=\"DbPassword\" value=\"Jk29!mzLq\" />", "Jk29!mzLq"),
    ("settings.xml", "<server><id>a</id><password>Jk29!mzLq</password></server>", "Jk29!mzLq"),
    ("strings.xml", "<string name=\"api_key\">Zk82mLqX0vTr61Yp</string>", "Zk82mLqX0vTr61Yp"),
    ("deploy.yaml", "env:\n  - name: DB_PASSWORD\n    value: \"mX92kdLqZ7\"\n", "mX92kdLqZ7"),
    ("compose.yml", "environment:\n  - POSTGRES_PASSWORD=mX92kdLqZ7\n", "mX92kdLqZ7"),
    ("task.json", "{\"name\": \"DB_PASSWORD\", \"value\": \"mX92kdLqZ7\"}", "mX92kdLqZ7"),
    (".gitlab-ci.yml", "variables:\n  DEPLOY_TOKEN: \"mX92kdLqZ7pT4s\"\n", "mX92kdLqZ7pT4s"),
    ("run.sh", "mysql -u root -pS3kLq82mX db", "S3kLq82mX"),
    ("run.sh", "sshpass -p 'S3kLq82mX' ssh host", "S3kLq82mX"),
    ("run.sh", "curl -u deploy:S3kLq82mX https://host/", "S3kLq82mX"),
    ("run.sh", "curl -H 'Authorization: Bearer 8f3kLq92mXz7Tp01Vw' https://host/", "8f3kLq92mXz7Tp01Vw"),
    ("run.sh", "docker login -u ci -p S3kLq82mX registry", "S3kLq82mX"),
    ("run.sh", "app --api-key=8f3kLq92mXz7Tp01Vw", "8f3kLq92mXz7Tp01Vw"),
    ("run.sh", "PGPASSWORD=S3kLq82mX psql -h db", "S3kLq82mX"),
    ("a.http", "Authorization: Basic ZGVwbG95OlMza0xxODJtWA==", "ZGVwbG95OlMza0xxODJtWA=="),
    ("a.txt", "postgres://app:S3kLq82mX@db.internal:5432/app", "S3kLq82mX"),
    ("a.txt", "mongodb+srv://app:S3kLq82mX@cluster0.abc.mongodb.net/x?retryWrites=true", "S3kLq82mX"),
    ("a.txt", "redis://:S3kLq82mX@cache:6379/0", "S3kLq82mX"),
    ("a.txt", "amqp://app:S3k%2FLq82mX@mq:5672/vhost", "S3k%2FLq82mX"),
    ("a.txt", "git clone https://ci:S3kLq82mXp@git.corp.example/x.git", "S3kLq82mXp"),
    ("appsettings.json", "\"Default\": \"Server=db;Database=app;User Id=sa;Password=S3kLq!82mX;\"", "S3kLq!82mX"),
    ("a.cs", "var c = \"Data Source=db;Initial Catalog=a;User ID=sa;Pwd=S3kLq!82mX\";", "S3kLq!82mX"),
    ("a.java", "String u = \"jdbc:mysql://db:3306/a?user=app&password=S3kLq82mX\";", "S3kLq82mX"),
    ("a.java", "String u = \"jdbc:oracle:thin:app/S3kLq82mX@db:1521:orcl\";", "S3kLq82mX"),
    ("a.java", "String u = \"jdbc:sqlserver://db:1433;databaseName=a;user=sa;password=S3kLq82mX;\";", "S3kLq82mX"),
    ("a.go", "db, _ := sql.Open(\"mysql\", \"app:S3kLq82mX@tcp(db:3306)/a\")", "S3kLq82mX"),
    ("a.py", "dsn = \"host=db port=5432 dbname=a user=app password=S3kLq82mX\"", "S3kLq82mX"),
    (
        "a.txt",
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=q8Zk82mLqX0vTr61YpJw3Xc9Hn5Bv7Df2Gs4Ka==;EndpointSuffix=y",
        "q8Zk82mLqX0vTr61YpJw3Xc9Hn5Bv7Df2Gs4Ka==",
    ),
    (".netrc", "machine api.host login ci password S3kLq82mX", "S3kLq82mX"),
    (".netrc", "machine api.host\n  login ci\n  password S3kLq82mX\n", "S3kLq82mX"),
    (".npmrc", "//registry.host/:_authToken=8f3kLq92mXz7Tp01Vw", "8f3kLq92mXz7Tp01Vw"),
    (".npmrc", "_auth=ZGVwbG95OlMza0xxODJtWA==", "ZGVwbG95OlMza0xxODJtWA=="),
    (".pgpass", "db.host:5432:app:ci:S3kLq82mX", "S3kLq82mX"),
    (".git-credentials", "https://ci:S3kLq82mXp@git.host", "S3kLq82mXp"),
    (".htpasswd", "ci:$apr1$k2mXz7Tp$8f3kLq92mXz7Tp01VwQx90", "$apr1$k2mXz7Tp$8f3kLq92mXz7Tp01VwQx90"),
    (".pypirc", "[pypi]\nusername = ci\npassword = S3kLq82mX\n", "S3kLq82mX"),
    (".docker/config.json", "{\"auths\": {\"r.host\": {\"auth\": \"ZGVwbG95OlMza0xxODJtWA==\"}}}", "ZGVwbG95OlMza0xxODJtWA=="),
    ("secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  password: UzNrTHE4Mm1Y\n", "UzNrTHE4Mm1Y"),
    ("secret.yaml", "kind: Secret\nstringData:\n  db-pass: S3kLq82mX\n", "S3kLq82mX"),
    ("inventory.ini", "[web]\nhost ansible_user=ci ansible_password=S3kLq82mX\n", "S3kLq82mX"),
    ("group_vars/all.yml", "ansible_become_pass: S3kLq82mX", "S3kLq82mX"),
    ("redis.conf", "requirepass S3kLq82mXz", "S3kLq82mXz"),
    ("kube/config", "users:\n- name: a\n  user:\n    token: 8f3kLq92mXz7Tp01VwQ2\n", "8f3kLq92mXz7Tp01VwQ2"),
    ("main.tf", "variable \"db_password\" {\n  default = \"S3kLq82mX\"\n}", "S3kLq82mX"),
    ("hosts.ini", "h1 ansible_ssh_pass=S3kLq82mX ansible_port=22", "S3kLq82mX"),
    ("a.py", "requests.get(url, auth=(\"ci\", \"S3kLq82mX\"))", "S3kLq82mX"),
    ("a.sh", "curl -H 'Authorization: token 9f3kLq92mXz7Tp01Vwab' https://h/", "9f3kLq92mXz7Tp01Vwab"),
    ("gradle.properties", "signing.password=S3kLq82mX", "S3kLq82mX"),
    ("ldap.conf", "bindpw S3kLq82mX", "S3kLq82mX"),
    ("notes.md", "The database password: S3kLq!82mX", "S3kLq!82mX"),
    ("config.ini.bak", "password=kTnF4YFqihjX\n", "kTnF4YFqihjX"),
    ("values.yml.j2", "db:\n  password: kTnF4YFqihjX\n", "kTnF4YFqihjX"),
    ("fix.patch", "@@ -1 +1 @@\n+DB_PASSWORD=kTnF4YFqihjX\n", "kTnF4YFqihjX"),
    ("app.log", "2024-01-01 start DB_PASSWORD=kTnF4YFqihjX\n", "kTnF4YFqihjX"),
    ("main.cf", "password = kTnF4YFqihjX\n", "kTnF4YFqihjX"),
    (
        "terraform.tfstate",
        "{\n\"outputs\": {\n\"db_password\": {\n\"value\": \"kTnF4YFqihjX\",\n\"type\": \"string\"}}}\n",
        "kTnF4YFqihjX",
    ),
    ("params.json", "[{\"ParameterKey\":\"DbPassword\",\"ParameterValue\":\"kTnF4YFqihjX\"}]", "kTnF4YFqihjX"),
    ("helm.tf", "set {\n  name  = \"auth.password\"\n  value = \"kTnF4YFqihjX\"\n}", "kTnF4YFqihjX"),
    ("core-site.xml", "<property><name>fs.s3a.secret.key</name><value>kTnF4YFqihjX92mQ</value></property>", "kTnF4YFqihjX92mQ"),
    ("web.xml", "<param-name>password</param-name>\n<param-value>kTnF4YFqihjX</param-value>", "kTnF4YFqihjX"),
    ("app.plist", "<key>DB_PASSWORD</key>\n<string>kTnF4YFqihjX</string>", "kTnF4YFqihjX"),
    ("a.config", "<setting name=\"Password\" serializeAs=\"String\"><value>kTnF4YFqihjX</value></setting>", "kTnF4YFqihjX"),
    ("a.xml", "<password><![CDATA[kTnF4YFqihjX]]></password>", "kTnF4YFqihjX"),
    ("A.java", "DriverManager.getConnection(\"jdbc:mysql://db/x\", \"root\", \"kTnF4YFqihjX\");", "kTnF4YFqihjX"),
    ("a.php", "new mysqli('h', 'u', 'kTnF4YFqihjX', 'd');", "kTnF4YFqihjX"),
    ("a.cs", "new NetworkCredential(\"u\", \"kTnF4YFqihjX\")", "kTnF4YFqihjX"),
    ("a.rs", "client.basic_auth(\"u\", Some(\"kTnF4YFqihjX\"))", "kTnF4YFqihjX"),
    ("a.js", "jwt.sign(payload, \"kTnF4YFqihjX\", { expiresIn: 1 });", "kTnF4YFqihjX"),
    ("build.sbt", "credentials += Credentials(\"r\", \"h\", \"u\", \"kTnF4YFqihjX\")", "kTnF4YFqihjX"),
    ("a.php", "putenv('DB_PASSWORD=kTnF4YFqihjX');", "kTnF4YFqihjX"),
    ("compose.yml", "command: [\"redis-server\", \"--requirepass\", \"kTnF4YFqihjX\"]", "kTnF4YFqihjX"),
    ("a.py", "parser.add_argument(\"--password\", default=\"kTnF4YFqihjX\")", "kTnF4YFqihjX"),
    ("a.sh", "echo 'root:kTnF4YFqihjX' | chpasswd", "kTnF4YFqihjX"),
    ("a.sh", "echo \"kTnF4YFqihjX\" | docker login -u u --password-stdin", "kTnF4YFqihjX"),
    ("Makefile", "\tmysql -uroot -pkTnF4YFqihjX x\n", "kTnF4YFqihjX"),
    ("a.sh", "curl -uadmin:kTnF4YFqihjX https://host/", "kTnF4YFqihjX"),
    ("a.sh", ": ${DB_PASSWORD:=kTnF4YFqihjX}", "kTnF4YFqihjX"),
    ("build.gradle", "buildConfigField \"String\", \"API_KEY\", \"\\\"kTnF4YFqihjX92\\\"\"", "kTnF4YFqihjX92"),
    ("a.yml", "password: >-\n  kTnF4YFqihjX\nuser: b\n", "kTnF4YFqihjX"),
    ("a.yml", "password: &pw \"kTnF4YFqihjX\"\n", "kTnF4YFqihjX"),
    ("common.yaml", "mysql::server::root_password: kTnF4YFqihjX\n", "kTnF4YFqihjX"),
    ("a.R", "password <- \"kTnF4YFqihjX\"", "kTnF4YFqihjX"),
    ("a.erl", "{password, \"kTnF4YFqihjX\"}.", "kTnF4YFqihjX"),
    ("a.tf", "user_data = <<EOF\nexport DB_PASSWORD=kTnF4YFqihjX\nEOF", "kTnF4YFqihjX"),
    ("a.py", "password = \"granite-Maple044\"", "granite-Maple044"),
    (
        "a.txt",
        "https://d81f0c3b7a9e4526bd01d81f0c3b7a9e4526bd07:x-oauth-basic@github.com/x/y",
        "d81f0c3b7a9e4526bd01d81f0c3b7a9e4526bd07",
    ),
];

/// Each line: path, text in which nothing may be found.
const SILENT: &[(&str, &str)] = &[
    ("app.xml", "<assembly name=\"X\" publicKeyToken=\"2fc60dac4b7eb536\" />"),
    ("check", "PASS: gdb.base/a2-run.exp: run 7\n"),
    ("resolve.rs", "pass(\"g;x=1/./y\", \"http://a/b/c/g;x=1/y\")"),
    ("resolve.rs", "base.pass(\"g;x?y#s7\", \"http://a/b/c/g;x?y#s7\");"),
    ("passwd.5", "account:password:UID:GID:GECOS:directory:shell"),
    ("grep.txt", "/etc/passwd:eli:x:2098:1000:Eli Smith:/home/eli:/bin/bash"),
    ("network", "[Route]\nToken=::1a:2b:3c:4d\n"),
    ("ranges.py", "token_range = \"%d,%d-%d,%d:\" % (token.start + token.end)"),
    ("changelog", "Pass addr=1 instead of 1 into restarting\n"),
    ("all.html", "host objects, i.e. pass them to <a href=\"#all_v8_serializer_write7\"><code>x</code>"),
    ("rebase.txt", "the message with those identified by \"squash7\" commands, omitting the messages"),
    ("sql.1", "\\-\\-pvk\\-password=my\\-pvk\\-pass7x"),
    ("mirror.pl", "default login anonymous password user@site7"),
    ("pkeyutl.sh", "openssl pkeyutl -passin pass:env:APASS7x"),
    ("sources.list", "deb http://Benutzer:Passwort@server/debian bookworm main"),
    ("common", "password [success=1 default=ignore] pam_unix.so\n"),
    ("run.1", "password\n\\fIitem7\\fP\n"),
    ("lexer.py", "token = r'(?:[%s]+|%s)'"),
    ("lexer.py", "'secret': r'[^\\W\\d]\\w*',"),
    ("run.sh", "curl -H 'Authorization: Bearer 8f3kLq92mXz7Tp01Vw!kd82' https://host/"),
    ("app.py", "auth_token = 'gjp_8f3kLq92mXz7Tp01VwQ2sLq92mXz7Tp01VwQ'"),
    ("app/.env", "DB_PASSWORD=${DB_PASSWORD}"),
    ("app/.env", "DB_PASSWORD=changeme"),
    ("app/.env.example", "API_KEY=your-api-key-here"),
    ("app/.env", "API_KEY=<your api key>"),
    ("a.yml", "password: {{ vault_password }}"),
    ("a.yml", "password: !vault |"),
    ("a.yml", "password: ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]"),
    ("a.yml", "secretName: my-app-secret"),
    ("a.yml", "token_url: https://auth.host/oauth/token"),
    ("a.py", "password = os.environ['DB_PASSWORD']"),
    ("a.py", "password = getpass('Enter password: ')"),
    ("a.py", "token = request.headers.get('X-Auth-Token')"),
    ("a.py", "if password == confirm_password:"),
    ("a.js", "const token = await getAccessToken(userId);"),
    ("a.js", "errors.password = 'Password is required';"),
    ("a.js", "const TOKEN_KEY = 'auth.accessToken';"),
    ("a.ts", "  password: string;"),
    ("a.java", "private String clientSecret;"),
    ("a.java", "String SECRET_HEADER = \"X-Secret-Header\";"),
    ("a.go", "secret, err := client.GetSecret(ctx, \"projects/a/secrets/db\")"),
    ("a.html", "<input type=\"password\" name=\"password\" placeholder=\"Your password\">"),
    ("a.tf", "password = var.db_password"),
    ("a.tf", "password = data.aws_secretsmanager_secret_version.x.secret_string"),
    ("a.json", "\"passwordHash\": \"$2b$12$abcdefghijklmnopqrstuv\""),
    ("a.json", "\"public_key\": \"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\""),
    (
        "a.js",
        "  key: \"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==\"",
    ),
    ("a.json", "\"csrf_token_name\": \"csrfmiddlewaretoken\""),
    ("a.txt", "postgres://user:password@localhost:5432/db"),
    ("a.txt", "postgres://${DB_USER}:${DB_PASS}@host/db"),
    ("a.txt", "https://user:<token>@github.com/x/y"),
    ("a.txt", "redis://localhost:6379/0"),
    ("a.txt", "see https://host/a:b@c/d"),
    ("package-lock.json", "\"integrity\": \"sha512-abcd\", \"token\": \"Zk82mLqX0vTr61Yp\""),
    ("Cargo.lock", "checksum = \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""),
    ("a.py", "key_id = '123e4567-e89b-12d3-a456-426614174000'"),
    ("a.py", "sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'"),
    ("a.js", "primaryKey: 'user_id_seq_0123'"),
    ("a.css", ".password-field { color: #ff00aa }"),
    ("a.env", "GITHUB_TOKEN=ghp_0000000000000000000000000000000000aa"),
    ("locales/en.json", "\"password\": \"Pa55 phrase\""),
    ("a.py", "max_tokens = 4096"),
    ("a.md", "curl -u user:password https://host"),
    ("a.sh", "curl -u \"$USER:$PASS\" https://host"),
    (".netrc", "machine host login user password ${PASSWORD}"),
    ("a.yaml", "kind: Secret\ndata:\n  username: YWRtaW4=\n"),
    ("a.rs", "let token = parser.next_token(TokenKind::Ident);"),
    ("a.json", "\"key\": \"540826c6b9051a9e099cbd57c2cbd491994542f1\""),
    ("a.rs", "/// - [`Pat`], [`Box<Pat>`] parses the same"),
    ("a.c", "#define KEY_PASSWORD 0x1234"),
    ("tls1.h", "#define TLS1_TXT_PSK_WITH_AES_128_GCM_SHA256 \"PSK-AES128-GCM-SHA256\""),
    ("a.py", "auth = Master(user=options.user, password=options.password)"),
    ("a.py", "f(host=H, token=BEARER_TOKEN_FORMAT % x)"),
    ("a.rb", "connect(host=h, user=u, password=user_password)"),
    ("a.py", "dsn = f'user=bob;password={args.password}'"),
    ("a.py", "ask(f\"password: {password!r}\", password=f\"{a9Kd.x2Lm}\")"),
    ("a.php", "'password' => 'required|string|min:8|confirmed',"),
    ("a.php", "'password' => 'required|min:6',"),
    ("a.js", "Sentry.init({dsn:'https://6e8d63c7d5d546ce8ccd0e41f9100b05@o123456.ingest.sentry.io/2348188'});"),
    (
        "a.html",
        "<input type=\"hidden\" name=\"authenticity_token\" value=\"F/4Yh1pTlZsugccyywKLr/unzHOUpc6OFjaCklGlROF/HYS2dn4r3Q==\">",
    ),
    (
        "a.html",
        "<input name=\"__RequestVerificationToken\" value=\"jAvFzHGlXm0phj7TeT-H2xI9-X38Ax9W8mm7LB8iaWSkHqPlhfDPj8QIFwPdAqnUl\">",
    ),
    ("settings.xml", "<password>{Y0dsdm+jwJZKf+W+rkcic945apVZS/8jU2XI8OJJBKE=}</password>"),
    ("a.yml", "checksum/secret: be9ad053674144422ee5a9b50411e0d8ddf782cf1e067cb90312fec64233035c"),
    ("a.yml", "kind: Secret\ndata:\n  password: Y2hhbmdlbWU=\n  token: PHRva2VuPg==\n"),
    (
        "a.json",
        "{\"tokenAddress\": \"0x83ab9d1c884224cc0e3c4b53690608c3d911804c\", \"token\": \"0x9e131b82ea1952cc95185a97b71a89c4402cb6ef\"}",
    ),
    ("a.json", "{\"deviceToken\":\"9cc930f6ca79f5bd3f01d5bd09b375b3ad7849b457f494ac5c17a6beaab663c1\"}"),
    ("a.py", "PASSWORD_HASHER = \"django.contrib.auth.hashers.PBKDF2PasswordHasher\""),
    ("a.env", "FIRECRAWL_KEY=fc-abc123abc123abc123abc123abc123ab"),
    ("a.env", "API_TOKEN=1a2b3c4d5e6f7g8h9i0j"),
    ("a.env", "NETLIFY_TOKEN=nfq_KoMCISjus8fR3Zs3ZNTLZjYdzSYwNbiLGtXc"),
    ("a.env", "HF_TOKEN=hf_nLvTqtIxrsCQjzhXRYXjDmiEUmitj"),
    ("notes.txt", "don't pass comments=/x-* to mount.<type> helpers"),
    ("compat.py", "splituser('user[:passwd]@host[:port]') --> 'user[:passwd]', 'host[:port]'."),
    ("a.java", "mailer.setFrom(\"a\"); DriverManager.getConnection(url, user, password7);"),
    ("a.zig", "const password = try readPassword1(allocator);"),
    ("strings.xml", "<name>password</name><value>Password</value>"),
];

#[test]
fn every_value_that_is_found_also_wakes_the_scanner() {
    let scanner = crate::text::Scanner::new(crate::rule::RuleSet::builtin(), 0, None);
    let filler = "a line that says nothing\n".repeat(200);
    for (path, text, value) in FOUND {
        let file = FileContext { path: path.as_bytes(), kind: FileKind::of_path(path.as_bytes()) };
        // Far from both ends of the text, but for files that are scanned whole.
        let text = if super::is_scanned_whole(file.kind) { (*text).to_owned() } else { format!("{filler}{text}\n{filler}") };
        let state = scanner.scan(text.as_bytes(), &file, None);
        assert!(state.results.iter().any(|(_, found)| *found.body.value == *value.as_bytes()), "{path}: {value}");
    }
}

#[test]
fn secrets_are_found_where_they_leak() {
    let missed: Vec<String> = FOUND
        .iter()
        .filter(|(path, text, value)| !values(path, text).iter().any(|found| found == value))
        .map(|(path, text, _)| format!("{path}: {text} -> {:?}", values(path, text)))
        .collect();
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn look_alikes_are_left_alone() {
    let said: Vec<String> = SILENT
        .iter()
        .filter(|(path, text)| !values(path, text).is_empty())
        .map(|(path, text)| format!("{path}: {text} -> {:?}", values(path, text)))
        .collect();
    assert!(said.is_empty(), "{} said:\n{}", said.len(), said.join("\n"));
}

#[test]
fn any_bytes_are_survived() {
    let file = FileContext { path: b"x", kind: FileKind::Unknown };
    let mut out = Vec::new();
    for text in [
        "password=",
        "password:\"",
        "://@",
        "://:@",
        "Basic ",
        "machine",
        "kind: Secret\ndata:\n a",
        "_auth=\u{fffd}",
        "password\\",
        "<password>",
        "?token=",
    ] {
        scan(text.as_bytes(), &file, &mut out);
        scan(&text.as_bytes()[..text.len() - 1], &file, &mut out);
    }
}
