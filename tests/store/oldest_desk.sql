-- A desk as the first giftdesk made it: migration 0001 and nothing later.
-- key: f7092f313a4a2bec2c21a809b757276d28b91e65b197d6a48bd31dfad4ca230b
-- code of card 1: CWMJ F77X MT23 FJFQ
PRAGMA application_id = 1195984468;
BEGIN TRANSACTION;
CREATE TABLE "activity" (
        "card_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "kind" TEXT NOT NULL,
        "amount_minor" INTEGER NOT NULL,
        "balance_after_minor" INTEGER NOT NULL,
        "effective_at" INTEGER NOT NULL,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER NOT NULL,
        "actor_name" TEXT NOT NULL,
        "place" TEXT,
        "order_ref" TEXT,
        "reverses" INTEGER,
        "details" TEXT NOT NULL,
        "text_digest" BLOB,
        "intent" TEXT,
        "format" INTEGER NOT NULL,
        "mac" BLOB NOT NULL,
        PRIMARY KEY ("card_id", "number"),
        FOREIGN KEY ("card_id") REFERENCES "gift_card" ("id"),
        CONSTRAINT activity_number_counts CHECK (number >= 1),
        CONSTRAINT activity_balance_not_negative CHECK (balance_after_minor >= 0),
        CONSTRAINT activity_not_ahead CHECK (effective_at <= recorded_at),
        CONSTRAINT activity_reverses_earlier CHECK (reverses IS NULL OR reverses < number),
        CONSTRAINT activity_reinstates_one CHECK (kind <> 'reinstatement' OR reverses IS NOT NULL)) STRICT, WITHOUT ROWID;
INSERT INTO "activity" VALUES(1,1,'issue',5000,5000,1779364800000000,1779364800000000,1,'Mia','Leeds','10482',NULL,'{"sets":{"active_from":"2026-05-21T12:00:00+00:00","last_day":"2026-11-20","product":1,"purchaser":2,"recipient":1}}',NULL,'first',1,X'147B8860AEEE64CDB65DF8A5A5B0ADA119A5F270E7353E3EC21AF0C99D2CD496');
INSERT INTO "activity" VALUES(1,2,'redemption',-1250,3750,1779364800000000,1779364800000000,3,'Sam','York','A-1',NULL,'{}',NULL,'c88611ff1fe146f89e8f41620298df5d',1,X'A41097C80A34E1BF9130510721AC2597F40880513F9D4A579104B428E63FCFF8');
INSERT INTO "activity" VALUES(1,3,'refund',250,4000,1779364800000000,1779364800000000,2,'Sue','York','A-1',2,'{}',NULL,'020d4963b934427e907078bb6197b71a',1,X'25B8AC67CF4643AE70223487B06A12124922FE89FA832902F5D96FADFA25F02E');
INSERT INTO "activity" VALUES(1,4,'top_up',1000,5000,1779364800000000,1779364800000000,2,'Sue',NULL,NULL,NULL,'{"sets":{}}',NULL,'8c1a99dc82c943b1a674f90a956929ff',1,X'6ABD70A9E0BD882257A5E1CDC6C49AFEB351C315BF6B895BE51F8CAF6FB771DA');
INSERT INTO "activity" VALUES(1,5,'registered',0,5000,1779364800000000,1779364800000000,2,'Sue',NULL,NULL,NULL,'{"sets":{"registered":1}}',NULL,'fa86ba6ea7f94400aabac9eb430c802e',1,X'DA813E63052F16BBF31F39E59A073EBD2F2D8A97A0289B92E14ACA39A652670E');
INSERT INTO "activity" VALUES(1,6,'flag_raised',0,5000,1779364800000000,1779364800000000,3,'Sam',NULL,NULL,NULL,'{}',X'F7B28FDAB035D80AAD88620C623D0CB7FD52719DF5C28AF141A1E20F94169CC0','92cac52cc2ad4447b8933e9dd8332714',1,X'0C2C00CF13B6CAAA5A9920E1B35DFA55FB8F1D35A932CFA588EEA80431A02F3E');
INSERT INTO "activity" VALUES(1,7,'flag_cleared',0,5000,1779364800000000,1779364800000000,3,'Sam',NULL,NULL,6,'{}',X'69A90AD799031D1C3AF879A13BFB950B51CC98E3E468AE28378F2F3296A515A3','d28628c91bbf429cb452c6ed895ca29b',1,X'6FB84EA2D25D8020DDD87046DB494EC73A16171E234FE810A6DA1DA27CA56E20');
INSERT INTO "activity" VALUES(1,8,'flag_raised',0,5000,1779364800000000,1779364800000000,3,'Sam',NULL,NULL,NULL,'{}',X'B59C9B4A1A6ED5A27AA36FE970F459C172523FB32726EFCB5A3C215D113F9B82','515ae86e312d40a9a745fcd8d38d304d',1,X'BC0A4D56C302983D24771833CA33D5EF8DB4FF66167017E79AD7FD5E41039B56');
INSERT INTO "activity" VALUES(1,9,'suspended',0,5000,1779364800000000,1779364800000000,2,'Sue',NULL,NULL,NULL,'{}',X'1A84D617E68813308E01DA093039014D528BEDD9011E9343660655B7A96B9328','dafdbeb0e2184be4b74ee9c5d4220b1c',1,X'70E33D14BA1BA1F283D71E59A7DDF02DBA5E96167DF829B16BD66AAF6CF16B96');
INSERT INTO "activity" VALUES(2,1,'issue',2500,2500,1779364800000000,1779364800000000,1,'Mia',NULL,NULL,NULL,'{"sets":{"active_from":"2026-05-21T12:00:00+00:00","last_day":"2026-05-27","product":5}}',NULL,'1ce94cbfca81426daed1b465b62bdb4e',1,X'8D6AF336C66749F9C0060C8215F5F7D3DF14057799AF97CF205F1A33EB5767C3');
INSERT INTO "activity" VALUES(2,2,'breakage',-2500,0,1779933600000000,1780056000000000,6,'expiry run',NULL,NULL,NULL,'{}',NULL,NULL,1,X'7F70FA27E1094B54EC2A8DAD71DE65C9EDE45830168A2612E11065A1522BA65A');
INSERT INTO "activity" VALUES(2,3,'registered',0,0,1780056000000000,1780056000000000,2,'Sue',NULL,NULL,NULL,'{"sets":{"registered":1}}',NULL,'d5076803fd9f4af79b035e297be8062e',1,X'C959704845F6F2EBC2709CF3140B16BCD184F71F09BAEE0957E034AC55C76EB5');
INSERT INTO "activity" VALUES(2,4,'reinstatement',2500,2500,1780056000000000,1780056000000000,3,'Sam',NULL,NULL,2,'{}',NULL,'c886847e205a4204b525012afda9f5be',1,X'D50089A040DFE29BA53981974CA5D1315A296A41010B8589DF6C04D949F1FE24');
INSERT INTO "activity" VALUES(2,5,'expiry_changed',0,2500,1780056000000000,1780056000000000,3,'Sam',NULL,NULL,NULL,'{"sets":{"last_day":"2026-06-05"}}',NULL,'c886847e205a4204b525012afda9f5be',1,X'3ABBE46C15ABD9DCF32C9C6A697C78D562DEF843DAFE2F0352ED114A499936C0');
INSERT INTO "activity" VALUES(2,6,'note',0,2500,1780056000000000,1780056000000000,3,'Sam',NULL,NULL,NULL,'{"grounds":["vip"],"policy":1}',X'882FAF1A2E1738D591D38FC8EACC96F38977C4B4CC04D0EF96922434A05B74DF','c886847e205a4204b525012afda9f5be',1,X'EF3CE92683DD0FFBE3F09959C4E36D874D741AFFB63AA12B82A18B016C84747A');
INSERT INTO "activity" VALUES(2,7,'reactivated',0,2500,1780056000000000,1780056000000000,3,'Sam',NULL,NULL,NULL,'{"cut_off":"2026-05-28T02:00:00+00:00","grounds":["vip"],"holder":1,"judged_at":"2026-05-29T12:00:00+00:00","policy":1,"restored_minor":2500,"was_vip":true,"zone":"Europe/London"}',X'E66459FA3544D7B2796F31EA11352B76CB08BDF0AB27BE52FAEE3789E50147CD','c886847e205a4204b525012afda9f5be',1,X'D34F3932E2D0403AFFDD0995571C124B7401DFEE543EA7335BA1D0C0F9E46298');
INSERT INTO "activity" VALUES(2,8,'note',0,2500,1780056000000000,1780056000000000,3,'Sam',NULL,NULL,NULL,'{}',X'89283AB39EA80E0915BEC7B619116E2CC3FA68BEEB2EE28DA072B18E58F179D5','eadd7af0ce0142e69102a934fa645c97',1,X'C83E5DE8BDB1591398DB925365B566AF1C593277BC42FAA5668EDFBB1BC16B7D');
INSERT INTO "activity" VALUES(3,1,'issue',700,700,1779364800000000,1779364800000000,1,'Mia',NULL,NULL,NULL,'{"goodwill":true,"sets":{"active_from":"2026-05-21T12:00:00+00:00","last_day":null,"product":2}}',NULL,'9061178a9c1740caa299064f376f6145',1,X'C3693D7078DF013E7AA8159847E6D26AD4CB6268294E2DB61866953F2E1F0C6C');
INSERT INTO "activity" VALUES(3,2,'suspended',0,700,1779364800000000,1779364800000000,2,'Sue',NULL,NULL,NULL,'{}',X'7C1692E94952C6C1C682BF880E25A76120F67A8F677AF98B764658D06D7EA5CE','db02dc81f4b64d74bb1c3abafe5f3725',1,X'5F5284AD4C892D5F84C8027AE6F8427F6446C40D5D915867DCC5455D894393D4');
INSERT INTO "activity" VALUES(3,3,'unsuspended',0,700,1779364800000000,1779364800000000,2,'Sue',NULL,NULL,NULL,'{}',X'3031DA71D6A06C535B05974E630885B6EB6C0492F10536C587BCABAC8A181F14','d9f1a9ff06d04cdd9d417cf928e379af',1,X'B800B09040BDA7EC65BF344B8207476FBDC7C6C0473B56C193DE92CB85775C97');
INSERT INTO "activity" VALUES(4,1,'issue',999,999,1779364800000000,1779364800000000,1,'Mia',NULL,NULL,NULL,'{"sets":{"active_from":"2026-05-23T23:00:00+00:00","last_day":"2026-11-20","product":3}}',NULL,'638d628ed9384f339b1d7ffa3808232d',1,X'CBE60BE064DF88493DFB5F1BD96F1F09BA24D0CA8A76C3B8473140A848AF0DD1');
INSERT INTO "activity" VALUES(4,2,'escalated',0,999,1780056000000000,1780056000000000,3,'Sam',NULL,NULL,NULL,'{"escalation":"E4-2","why":"still_fails"}',X'6689AEE8BB6ED2649F894FCCCF20A3B707A136497C55F3CD0A4ECF8002EE26DE','40ac90b36b284380a32b994a32a2e135',1,X'0B3D51CBDA255B7E7679E4885A65795498803012B5895E411557305F73EAEC45');
CREATE TABLE "activity_text" (
        "card_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "text" TEXT,
        PRIMARY KEY ("card_id", "number"),
        CONSTRAINT activity_text_of FOREIGN KEY (card_id, number) REFERENCES activity (card_id, number)) STRICT, WITHOUT ROWID;
INSERT INTO "activity_text" VALUES(1,6,'asked twice');
INSERT INTO "activity_text" VALUES(1,7,'one person');
INSERT INTO "activity_text" VALUES(1,8,'odd voice');
INSERT INTO "activity_text" VALUES(1,9,'stolen');
INSERT INTO "activity_text" VALUES(2,6,'Reactivated per policy – VIP customer / expired <24h.');
INSERT INTO "activity_text" VALUES(2,7,'was ill');
INSERT INTO "activity_text" VALUES(2,8,'Called back – thankful');
INSERT INTO "activity_text" VALUES(3,2,'lost');
INSERT INTO "activity_text" VALUES(3,3,'found again');
INSERT INTO "activity_text" VALUES(4,2,'fails at York');
CREATE TABLE "agent" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "login" TEXT NOT NULL,
        "name" TEXT NOT NULL,
        "email" TEXT,
        "role" TEXT NOT NULL,
        "disabled_at" INTEGER,
        "created_at" INTEGER NOT NULL,
        CONSTRAINT agent_role_known CHECK (role IN ('agent', 'supervisor', 'manager', 'auditor', 'payments', 'operator'))) STRICT;
INSERT INTO "agent" VALUES(1,'mia','Mia',NULL,'manager',NULL,1779364800000000);
INSERT INTO "agent" VALUES(2,'sue','Sue',NULL,'supervisor',NULL,1779364800000000);
INSERT INTO "agent" VALUES(3,'sam','Sam','sam@desk.example','agent',NULL,1779364800000000);
INSERT INTO "agent" VALUES(4,'ada','Ada',NULL,'auditor',NULL,1779364800000000);
INSERT INTO "agent" VALUES(5,'pat','Pat',NULL,'payments',NULL,1779364800000000);
INSERT INTO "agent" VALUES(6,'olaf','Olaf O.',NULL,'operator',NULL,1779364800000000);
CREATE TABLE "audit" (
        "subject" TEXT NOT NULL,
        "number" INTEGER NOT NULL,
        "action" TEXT NOT NULL,
        "before" TEXT,
        "after" TEXT,
        "reason" TEXT,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER NOT NULL,
        "actor_name" TEXT NOT NULL,
        "format" INTEGER NOT NULL,
        "mac" BLOB NOT NULL,
        PRIMARY KEY ("subject", "number")) STRICT, WITHOUT ROWID;
INSERT INTO "audit" VALUES('agent:1',1,'sign_on',NULL,'{"email":null,"is_disabled":false,"login":"mia","name":"Mia","role":"manager"}',NULL,1779364800000000,1,'Mia',1,X'13513C58E8CA9364AEFDAE152EDD6A4319F02AB123FD577B875930F3FA962C4A');
INSERT INTO "audit" VALUES('agent:2',1,'sign_on',NULL,'{"email":null,"is_disabled":false,"login":"sue","name":"Sue","role":"supervisor"}',NULL,1779364800000000,2,'Sue',1,X'511618C57741E48FEEF6CB5CA8B7ADF3DE6D542CB317A8A569CCE4834930077C');
INSERT INTO "audit" VALUES('agent:3',1,'sign_on',NULL,'{"email":"sam@desk.example","is_disabled":false,"login":"sam","name":"Sam","role":"agent"}',NULL,1779364800000000,3,'Sam',1,X'35C340B9AA1DF036855E1F0C6575608C28B08C20CFBD1677BD0697CB85D9FFD9');
INSERT INTO "audit" VALUES('agent:4',1,'sign_on',NULL,'{"email":null,"is_disabled":false,"login":"ada","name":"Ada","role":"auditor"}',NULL,1779364800000000,4,'Ada',1,X'7C4470830633A9EF03AB6A58D21482BEF2AF83BD1B57D022CD0444EF2B53F95A');
INSERT INTO "audit" VALUES('agent:5',1,'sign_on',NULL,'{"email":null,"is_disabled":false,"login":"pat","name":"Pat","role":"payments"}',NULL,1779364800000000,5,'Pat',1,X'DB4F23972556BA49AD59653DEC2664A66D6414CD5467A488BA310DBA48BD3E08');
INSERT INTO "audit" VALUES('agent:6',1,'sign_on',NULL,'{"email":null,"is_disabled":false,"login":"olaf","name":"Olaf","role":"operator"}',NULL,1779364800000000,6,'Olaf',1,X'F044E082B0C102CAA9674E5894AB52E1984D22D028B353F6FA6262E3B43117E9');
INSERT INTO "audit" VALUES('agent:6',2,'set','{"email":null,"is_disabled":false,"name":"Olaf","role":"operator"}','{"email":null,"is_disabled":false,"name":"Olaf O.","role":"operator"}',NULL,1780056000000000,1,'Mia',1,X'5CA13E5DE8593FA7E15DADEA1EDD048D9A5A24948A4254385449CF3DF3031E58');
INSERT INTO "audit" VALUES('customer:1',1,'link','{"organisation":null}','{"organisation":1}',NULL,1779364800000000,2,'Sue',1,X'01346824E09EF185C2ADC056B26B434E40AB43E2FE132368CF8AA66206CED8EB');
INSERT INTO "audit" VALUES('organisation:1',1,'set_vip','{"is_vip":false,"source":null}','{"is_vip":true,"source":"CRM"}','contract',1779364800000000,2,'Sue',1,X'47DA210C12240E3919C17E2CC940BE51A4F2E4874BAB9C59D60952EBE886A8C5');
INSERT INTO "audit" VALUES('product:1',1,'set',NULL,'{"name":"Half","reminders":[],"rules":{"activation_delay_days":0,"expires_on":null,"month_end":false,"period":[6,"months"],"valid_after":null}}',NULL,1779364800000000,1,'Mia',1,X'E7C87E33948D78D078B0F291892864DE4BB67D34C85B3AEF49849B1D4C7CA19B');
INSERT INTO "audit" VALUES('product:2',1,'set',NULL,'{"name":"Forever","reminders":[],"rules":{"activation_delay_days":0,"expires_on":null,"month_end":false,"period":null,"valid_after":null}}',NULL,1779364800000000,1,'Mia',1,X'938FF9B983B514AF9E3C1D806B71C7B9D489FA525789BA26EF450A22A5C11575');
INSERT INTO "audit" VALUES('product:3',1,'set',NULL,'{"name":"Careful","reminders":[],"rules":{"activation_delay_days":3,"expires_on":null,"month_end":false,"period":[6,"months"],"valid_after":null}}',NULL,1779364800000000,1,'Mia',1,X'73D574F431E0C75CFC43125C74B504D4D64CB4B990A610FD9BEAB8965B61FA8F');
INSERT INTO "audit" VALUES('product:4',1,'set',NULL,'{"name":"Summer","reminders":[],"rules":{"activation_delay_days":0,"expires_on":"2026-08-31","month_end":false,"period":null,"valid_after":null}}',NULL,1779364800000000,1,'Mia',1,X'BC74BCD7359169DB8D16CE1C0348D7805D64012332E38FF2EC661279EFE84CC1');
INSERT INTO "audit" VALUES('product:5',1,'set',NULL,'{"name":"Week","reminders":[],"rules":{"activation_delay_days":0,"expires_on":null,"month_end":false,"period":[1,"weeks"],"valid_after":null}}',NULL,1779364800000000,1,'Mia',1,X'98150DF80991BE104448C56966CAAE2C3471411596B67FE7CB104C1933358412');
CREATE TABLE "business" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "zone" TEXT NOT NULL,
        "cut_off_time" TEXT NOT NULL,
        "currency" TEXT NOT NULL,
        "is_sandbox" INTEGER NOT NULL,
        "key_fingerprint" TEXT NOT NULL,
        "created_at" INTEGER NOT NULL,
        "seal" BLOB NOT NULL,
        CONSTRAINT business_is_one CHECK (id = 1)) STRICT;
INSERT INTO "business" VALUES(1,'Europe/London','03:00','GBP',1,'5f09ec5671c1541f',1779364800000000,X'482F47025A0640ACB33885ACE3A781B30C13DABA0467D7DC798799B50044E96E');
CREATE TABLE "code_digest" (
        "digest" BLOB NOT NULL PRIMARY KEY,
        "folded" BLOB NOT NULL,
        "card_id" INTEGER NOT NULL,
        "is_alias" INTEGER NOT NULL,
        "seal" BLOB NOT NULL,
        FOREIGN KEY ("card_id") REFERENCES "gift_card" ("id")) STRICT;
INSERT INTO "code_digest" VALUES(X'6650155524AB9071511C88BAE9EFBF460E2C372B6034EB2256DFED4C149A052A',X'9DE0D4158C6F177DC3A1DC4D3B80A307EE82F6B3FD8EC1F67492AAEF341CCE2C',1,0,X'A4157991B4F7317B83AC726DE2FC6281DB60F8E33E846F89D0F899E852F8CD26');
INSERT INTO "code_digest" VALUES(X'ECAC804A04D7DCB4B7B402F769166104991060EC3923CBC4855BA6858394F0C6',X'1AA0C7D182D8EEE179C9E088AAE5D71CA78CA676B68B481FC18ADB2785BE2CD7',2,0,X'FE9D7775DEB8F71B3B5B8CE08D3076EE789588A8A82E3B2FA81C1C6D4BFA523E');
INSERT INTO "code_digest" VALUES(X'E848C17EB8FC80B7F499E62E830A67415C58C1143900A01DF635B436FAE6F42B',X'5915A174D4DB1444943B5F49780E8C9CBBD663F9BD58067046F79335DBB68DA7',3,0,X'A3695DBF60E4DB5ADC0D208C32333B3D4E5D827CB59EAFE55A89BF675EB87255');
INSERT INTO "code_digest" VALUES(X'A90BA9E8C97CBE5BAE84B5C44482C13E0BD1E0544981B35291E4A074FEF230A6',X'98F607B57A705FDFFC1A8C4AF3D3D579C90FD108CCF3641A97460D0343CA0CDF',4,0,X'98C6BE51AC21AAB310F8BC17FA7238C39B7DA7B44CDB29187D5807863887A8E9');
CREATE TABLE "customer" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT,
        "name_key" TEXT,
        "email" TEXT,
        "email_key" TEXT,
        "organisation_id" INTEGER,
        "linked_at" INTEGER,
        "created_at" INTEGER NOT NULL,
        FOREIGN KEY ("organisation_id") REFERENCES "organisation" ("id"),
        CONSTRAINT customer_has_a_name CHECK (name IS NOT NULL OR email IS NOT NULL)) STRICT;
INSERT INTO "customer" VALUES(1,'Ada Lovelace','ada lovelace','ada@example.org','ada@example.org',1,1779364800000000,1779364800000000);
INSERT INTO "customer" VALUES(2,'林 静','林 静','lin@example.org','lin@example.org',NULL,NULL,1779364800000000);
CREATE TABLE "flag" (
        "card_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "cleared_number" INTEGER,
        PRIMARY KEY ("card_id", "number"),
        FOREIGN KEY ("card_id") REFERENCES "gift_card" ("id"),
        CONSTRAINT flag_cleared_later CHECK (cleared_number IS NULL OR cleared_number > number)) STRICT, WITHOUT ROWID;
INSERT INTO "flag" VALUES(1,6,7);
INSERT INTO "flag" VALUES(1,8,NULL);
CREATE TABLE "gift_card" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "product_id" INTEGER NOT NULL,
        "currency" TEXT NOT NULL,
        "last_four" TEXT NOT NULL,
        "balance_minor" INTEGER NOT NULL,
        "broken_minor" INTEGER NOT NULL,
        "last_money_number" INTEGER,
        "active_from_at" INTEGER NOT NULL,
        "last_day_on" TEXT,
        "cut_off_at" INTEGER,
        "loaded_at" INTEGER,
        "reactivated_at" INTEGER,
        "suspended_at" INTEGER,
        "cancelled_at" INTEGER,
        "purchaser_id" INTEGER,
        "recipient_id" INTEGER,
        "registered_id" INTEGER,
        "head_number" INTEGER NOT NULL,
        "head_mac" BLOB NOT NULL,
        "seal" BLOB NOT NULL,
        "changed_at" INTEGER NOT NULL,
        FOREIGN KEY ("product_id") REFERENCES "product" ("id"),
        CONSTRAINT gift_card_balance_not_negative CHECK (balance_minor >= 0),
        CONSTRAINT gift_card_broken_is_empty CHECK (broken_minor >= 0 AND broken_minor * balance_minor = 0),
        CONSTRAINT gift_card_cut_off_has_day CHECK ((last_day_on IS NULL) = (cut_off_at IS NULL)),
        CONSTRAINT gift_card_head_counts CHECK (head_number >= 0),
        CONSTRAINT gift_card_purchaser FOREIGN KEY (purchaser_id) REFERENCES customer (id),
        CONSTRAINT gift_card_recipient FOREIGN KEY (recipient_id) REFERENCES customer (id),
        CONSTRAINT gift_card_registered FOREIGN KEY (registered_id) REFERENCES customer (id)) STRICT;
INSERT INTO "gift_card" VALUES(1,1,'GBP','FJFQ',5000,0,4,1779364800000000,'2026-11-20',1795230000000000,1779364800000000,NULL,1779364800000000,NULL,2,1,1,9,X'70E33D14BA1BA1F283D71E59A7DDF02DBA5E96167DF829B16BD66AAF6CF16B96',X'A87F9AC9E211683EA416E88504A7BB22B431340EDE5FF91EBCDE20B957D76F93',1779364800000000);
INSERT INTO "gift_card" VALUES(2,5,'GBP','PFYP',2500,0,4,1779364800000000,'2026-06-05',1780711200000000,1779364800000000,1780056000000000,NULL,NULL,NULL,NULL,1,8,X'C83E5DE8BDB1591398DB925365B566AF1C593277BC42FAA5668EDFBB1BC16B7D',X'8ED3D0A94520750E02834C0375BD3F4BAE93BF696FFCFD90E04B95AB67BCD3DC',1780056000000000);
INSERT INTO "gift_card" VALUES(3,2,'GBP','7W79',700,0,1,1779364800000000,NULL,NULL,1779364800000000,NULL,NULL,NULL,NULL,NULL,NULL,3,X'B800B09040BDA7EC65BF344B8207476FBDC7C6C0473B56C193DE92CB85775C97',X'8C53154030B9B94B220FA641B4188144FCA76882749877B1437DA92D8D0E7F0A',1779364800000000);
INSERT INTO "gift_card" VALUES(4,3,'GBP','M2Y3',999,0,1,1779577200000000,'2026-11-20',1795230000000000,1779364800000000,NULL,NULL,NULL,NULL,NULL,NULL,2,X'0B3D51CBDA255B7E7679E4885A65795498803012B5895E411557305F73EAEC45',X'FE125B0A20436481DB1550BA007EF9D9BE86D347C3C6D3CFBFCBF2D10D3B367D',1780056000000000);
CREATE TABLE "high_water" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "reached_at" INTEGER NOT NULL,
        CONSTRAINT high_water_is_one CHECK (id = 1)) STRICT;
INSERT INTO "high_water" VALUES(1,1780056000000000);
CREATE TABLE "import_batch" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "format" TEXT NOT NULL,
        "digest" BLOB NOT NULL,
        "outcome" TEXT NOT NULL,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER NOT NULL) STRICT;
CREATE TABLE "intent" (
        "key" TEXT NOT NULL PRIMARY KEY,
        "action" TEXT NOT NULL,
        "request_digest" BLOB NOT NULL,
        "result" TEXT NOT NULL,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER NOT NULL) STRICT;
INSERT INTO "intent" VALUES('3b91f084bbe148a7822991968413cad4','set_product',X'03B34C33798CAB104EE034013B1D9950A9A3EF9309E807E3533CD5DD6EFD7CC0','{"card_id":null,"facts":{"product":"half"},"sentence":"Half (half): 6 months from last load."}',1779364800000000,1);
INSERT INTO "intent" VALUES('afa9a00c922a4e8caf4cdbbc873f4ba2','set_product',X'ACD0EEB568EF3E65FC0DAA2C7EC9BAD3F0C6E00773707598CC1A98A583AFAAC2','{"card_id":null,"facts":{"product":"forever"},"sentence":"Forever (forever): never expires."}',1779364800000000,1);
INSERT INTO "intent" VALUES('81a8daa330e040dbaf81ea0f09ca8316','set_product',X'E4E8F4F819C3A8F9A512B720A1CBCF61C98E7CA44F6CD7CEEE8E423D4B04B4FD','{"card_id":null,"facts":{"product":"careful"},"sentence":"Careful (careful): 6 months from last load, valid after 3 days."}',1779364800000000,1);
INSERT INTO "intent" VALUES('e9db0769a6434ab398bb0d131546e3b0','set_product',X'F523A07E6F380B953D3BAAFF400D84A2A6F61FB7933EBDA1512BEDFE12D3F474','{"card_id":null,"facts":{"product":"summer"},"sentence":"Summer (summer): until 31 Aug 2026."}',1779364800000000,1);
INSERT INTO "intent" VALUES('4ab97198f1514a3e92f9d5274630f5ed','set_product',X'0B9BC20DF3BBB44697F7785300555E4C029A3CB1F3A8A9EC0A435869E51D6F01','{"card_id":null,"facts":{"product":"week"},"sentence":"Week (week): 1 week from last load."}',1779364800000000,1);
INSERT INTO "intent" VALUES('4ddfdd33dd78405fb8da04d94ee91bea','set_organisation',X'CF7194034A8FD48D8524FA80B7C33EA06E9B31981499A3280744BF8CC6308E98','{"card_id":null,"facts":{"is_vip":true},"sentence":"Northwind, a new organisation, is a VIP now."}',1779364800000000,2);
INSERT INTO "intent" VALUES('first','issue',X'F75CB7216992FB4693D7B8D6D788E9C1E5955A8312FE1F5236447EB60D1C9882','{"card_id":1,"facts":{"balance_minor":5000,"last_four":"FJFQ"},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 FJFQ issued with 50.00 GBP, valid until Fri 20 Nov 2026."}',1779364800000000,1);
INSERT INTO "intent" VALUES('c88611ff1fe146f89e8f41620298df5d','redeem',X'19B0F9DDE7843B73B02A20D93CEDA67C0B2B3E90144DB64DD2AE91CFA5C70A94','{"card_id":1,"facts":{"balance_minor":3750,"number":2},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 FJFQ: 12.50 GBP redeemed, 37.50 GBP left."}',1779364800000000,3);
INSERT INTO "intent" VALUES('020d4963b934427e907078bb6197b71a','refund',X'7AD9D6596B674C0B72BA34A385E293A3909C0810A229B745B0B0134B816E09F7','{"card_id":1,"facts":{"balance_minor":4000,"number":3},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 FJFQ: 2.50 GBP given back, 40.00 GBP on the card."}',1779364800000000,2);
INSERT INTO "intent" VALUES('8c1a99dc82c943b1a674f90a956929ff','top_up',X'7EE798E71DD30CF3791367D6821BE7AF590452E512DC016D847BD883D89A8F65','{"card_id":1,"facts":{"balance_minor":5000,"number":4},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 FJFQ: 10.00 GBP loaded, 50.00 GBP on the card, valid until Fri 20 Nov 2026."}',1779364800000000,2);
INSERT INTO "intent" VALUES('fa86ba6ea7f94400aabac9eb430c802e','register',X'9055BA26374C3FF9596B1F940F053348A907A9F812908F513AD1E78D00CF879D','{"card_id":1,"facts":{"number":5},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 FJFQ is registered to the person given."}',1779364800000000,2);
INSERT INTO "intent" VALUES('92cac52cc2ad4447b8933e9dd8332714','raise_flag',X'D43C4D894DC5C384D92CA5DB5F9AB6FBC1E3D79DEA6C324ABF671F05C114F77C','{"card_id":1,"facts":{"number":6},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 FJFQ is flagged."}',1779364800000000,3);
INSERT INTO "intent" VALUES('d28628c91bbf429cb452c6ed895ca29b','clear_flag',X'283499A72699AC83AA62AFFF0F743D375F9945B7183CE900485EBF84BFEFB5A1','{"card_id":1,"facts":{"number":7},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 FJFQ: flag cleared, none is open."}',1779364800000000,3);
INSERT INTO "intent" VALUES('515ae86e312d40a9a745fcd8d38d304d','raise_flag',X'AF13DC953B39586A648CB9D9CBDF2AA347C5FCAD67684BE4F7B10B97DDFC9FFF','{"card_id":1,"facts":{"number":8},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 FJFQ is flagged."}',1779364800000000,3);
INSERT INTO "intent" VALUES('dafdbeb0e2184be4b74ee9c5d4220b1c','suspend',X'6B1D735523B3C71C6377355801183E50FFF2487653532877A96A0596200A8D33','{"card_id":1,"facts":{"number":9},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 FJFQ is suspended."}',1779364800000000,2);
INSERT INTO "intent" VALUES('1ce94cbfca81426daed1b465b62bdb4e','issue',X'6353FBF14E7913AAC5831831502815062663B76F4FC6A6A6B73F36ACD25460F0','{"card_id":2,"facts":{"balance_minor":2500,"last_four":"PFYP"},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 PFYP issued with 25.00 GBP, valid until Wed 27 May 2026."}',1779364800000000,1);
INSERT INTO "intent" VALUES('9061178a9c1740caa299064f376f6145','issue',X'F02A2A6134D7564D1893B84A0E70F4C36FE6059438E71F95355ADFF789085138','{"card_id":3,"facts":{"balance_minor":700,"last_four":"7W79"},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 7W79 issued with 7.00 GBP, without expiry."}',1779364800000000,1);
INSERT INTO "intent" VALUES('638d628ed9384f339b1d7ffa3808232d','issue',X'AE84E39FAC190D8247455B80B510D3F0EDB2FC400CA029836DF45D2223076C0E','{"card_id":4,"facts":{"balance_minor":999,"last_four":"M2Y3"},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 M2Y3 issued with 9.99 GBP, valid until Fri 20 Nov 2026."}',1779364800000000,1);
INSERT INTO "intent" VALUES('db02dc81f4b64d74bb1c3abafe5f3725','suspend',X'AA34C24264BC8A5F3FB29224E3CD0E4B85F9D29891C8AA6D1468C22E633D3CC5','{"card_id":3,"facts":{"number":2},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 7W79 is suspended."}',1779364800000000,2);
INSERT INTO "intent" VALUES('d9f1a9ff06d04cdd9d417cf928e379af','lift',X'3B712574931DB64D1D6602CA372CB6652A8E649121B3257491468A85F8840C18','{"card_id":3,"facts":{"number":3},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 7W79 is not suspended any more."}',1779364800000000,2);
INSERT INTO "intent" VALUES('d5076803fd9f4af79b035e297be8062e','register',X'EBE42565BD719F31CB8D784A68B707AAC3733B2B3197E1AABE9819FC199CD21A','{"card_id":2,"facts":{"number":3},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 PFYP is registered to the person given."}',1780056000000000,2);
INSERT INTO "intent" VALUES('c886847e205a4204b525012afda9f5be','reactivate',X'6398D496216DE0015A82B99C1DF02E5FA1519930DEC89B9A6CE440157F95D096','{"card_id":2,"facts":{"grounds":["vip"],"last_day":"2026-06-05","number":7,"restored_minor":2500},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 PFYP is reactivated: 25.00 GBP given back, valid until Fri 5 Jun 2026."}',1780056000000000,3);
INSERT INTO "intent" VALUES('eadd7af0ce0142e69102a934fa645c97','note',X'909A45B91415A896BA351C493571E61A9152184CD0E783D9DB3FEEAC81E0E915','{"card_id":2,"facts":{"number":8},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 PFYP has your note."}',1780056000000000,3);
INSERT INTO "intent" VALUES('40ac90b36b284380a32b994a32a2e135','escalate',X'0CF14FCE1C56254FC7E0A656C34FFC34DBD2FA071E815BB867EDE6943E78C769','{"card_id":4,"facts":{"escalation":"E4-2","number":2},"sentence":"Card \u00b7\u00b7\u00b7\u00b7 M2Y3 is handed over to Payments Support as E4-2."}',1780056000000000,3);
INSERT INTO "intent" VALUES('29e8c40faf024322bec6ad62f947bca3','set_agent',X'94328CC0A71CBB5ECC3286C03292D5D4B17559320F315165891041BA8438519B','{"card_id":null,"facts":{"email":null,"is_disabled":false,"login":"olaf","name":"Olaf O.","role":"operator"},"sentence":"olaf is an operator."}',1780056000000000,1);
CREATE TABLE "organisation" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "name_key" TEXT NOT NULL,
        "is_vip" INTEGER NOT NULL,
        "vip_source" TEXT,
        "vip_changed_at" INTEGER) STRICT;
INSERT INTO "organisation" VALUES(1,'Northwind','northwind',1,'CRM',1779364800000000);
CREATE TABLE "policy" (
        "version" INTEGER NOT NULL PRIMARY KEY,
        "content" TEXT NOT NULL,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER,
        "seal" BLOB NOT NULL) STRICT;
INSERT INTO "policy" VALUES(1,'{"extension_days":7,"grounds":["vip","recently_expired"],"lift_note":"Suspension lifted per policy \u2013 {reason}.","note":"Reactivated per policy \u2013 VIP customer / expired <24h.","version":1,"window_hours":24}',1779364800000000,NULL,X'35DBF09BBBBC55DB17090284FF68632F5CC7197462618E67EC0833C4E65D3DED');
CREATE TABLE "product" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "code" TEXT NOT NULL,
        "name" TEXT NOT NULL,
        "rules" TEXT,
        "reminders" TEXT NOT NULL,
        "changed_at" INTEGER NOT NULL) STRICT;
INSERT INTO "product" VALUES(1,'half','Half','{"activation_delay_days":0,"expires_on":null,"month_end":false,"period":[6,"months"],"valid_after":null}','[]',1779364800000000);
INSERT INTO "product" VALUES(2,'forever','Forever','{"activation_delay_days":0,"expires_on":null,"month_end":false,"period":null,"valid_after":null}','[]',1779364800000000);
INSERT INTO "product" VALUES(3,'careful','Careful','{"activation_delay_days":3,"expires_on":null,"month_end":false,"period":[6,"months"],"valid_after":null}','[]',1779364800000000);
INSERT INTO "product" VALUES(4,'summer','Summer','{"activation_delay_days":0,"expires_on":"2026-08-31","month_end":false,"period":null,"valid_after":null}','[]',1779364800000000);
INSERT INTO "product" VALUES(5,'week','Week','{"activation_delay_days":0,"expires_on":null,"month_end":false,"period":[1,"weeks"],"valid_after":null}','[]',1779364800000000);
CREATE TABLE "schema_migration" ("id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "applied" DATETIME NOT NULL);
INSERT INTO "schema_migration" VALUES(1,'0001_first_desk','2026-11-22 00:07:55.356430');
CREATE UNIQUE INDEX "schema_migration_name" ON "schema_migration" ("name");
CREATE UNIQUE INDEX "agent_login" ON "agent" ("login");
CREATE UNIQUE INDEX "organisation_name_key" ON "organisation" ("name_key");
CREATE INDEX "customer_email_key" ON "customer" ("email_key");
CREATE INDEX "customer_name_key" ON "customer" ("name_key");
CREATE UNIQUE INDEX "product_code" ON "product" ("code");
CREATE INDEX "gift_card_last_four" ON "gift_card" ("last_four");
CREATE INDEX "gift_card_due" ON "gift_card" ("cut_off_at") WHERE balance_minor > 0 AND cut_off_at IS NOT NULL AND cancelled_at IS NULL;
CREATE INDEX "gift_card_purchaser_id" ON "gift_card" ("purchaser_id") WHERE purchaser_id IS NOT NULL;
CREATE INDEX "gift_card_recipient_id" ON "gift_card" ("recipient_id") WHERE recipient_id IS NOT NULL;
CREATE INDEX "gift_card_registered_id" ON "gift_card" ("registered_id") WHERE registered_id IS NOT NULL;
CREATE INDEX "code_digest_folded" ON "code_digest" ("folded");
CREATE INDEX "code_digest_card" ON "code_digest" ("card_id");
CREATE UNIQUE INDEX "activity_reinstated_once" ON "activity" ("card_id", "reverses") WHERE kind = 'reinstatement';
CREATE INDEX "activity_order_ref" ON "activity" ("order_ref") WHERE order_ref IS NOT NULL;
CREATE UNIQUE INDEX "import_batch_digest" ON "import_batch" ("digest");
CREATE TRIGGER "activity_no_update" BEFORE UPDATE ON "activity" BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END;
CREATE TRIGGER "activity_no_delete" BEFORE DELETE ON "activity" BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END;
CREATE TRIGGER "activity_text_no_update" BEFORE UPDATE ON "activity_text" WHEN NEW.text IS NOT NULL BEGIN SELECT RAISE(ABORT, 'activity_text is append-only'); END;
CREATE TRIGGER "activity_text_no_delete" BEFORE DELETE ON "activity_text" BEGIN SELECT RAISE(ABORT, 'activity_text is append-only'); END;
CREATE TRIGGER "audit_no_update" BEFORE UPDATE ON "audit" BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER "audit_no_delete" BEFORE DELETE ON "audit" BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER "policy_no_update" BEFORE UPDATE ON "policy" BEGIN SELECT RAISE(ABORT, 'policy is append-only'); END;
CREATE TRIGGER "policy_no_delete" BEFORE DELETE ON "policy" BEGIN SELECT RAISE(ABORT, 'policy is append-only'); END;
CREATE TRIGGER "intent_no_update" BEFORE UPDATE ON "intent" BEGIN SELECT RAISE(ABORT, 'intent is append-only'); END;
CREATE TRIGGER "intent_no_delete" BEFORE DELETE ON "intent" BEGIN SELECT RAISE(ABORT, 'intent is append-only'); END;
COMMIT;
