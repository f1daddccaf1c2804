# SPDX-License-Identifier: Apache-2.0
"""Which language a message is in, and danger words in it: one table a language, and look-alikes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import ROOT
from bot.understanding.language import Languages
from bot.understanding.screen import Context

LANGUAGES = Languages.load(ROOT / "data")

# Written as people write to a stranger in a hurry: short ones, without accents, in other letters.
MESSAGES = {
    "pl": [
        "Dzień dobry, czy ktoś mówi po polsku?",
        "ukradli mi rower sprzed domu wczoraj w nocy",
        "nie rozumiem po angielsku",
        "maz na mnie krzyczy i sie boje wrocic do domu",
        "potrzebuję pomocy",
    ],
    "ro": [
        "Bună ziua, vorbește cineva românește?",
        "mi-au furat telefonul ieri si nu stiu ce sa fac",
        "nu înțeleg engleza",
        "sotul meu tipa la mine si mi-e frica",
        "am nevoie de ajutor",
    ],
    "pa": [
        "ਸਤ ਸ੍ਰੀ ਅਕਾਲ, ਕੀ ਕੋਈ ਪੰਜਾਬੀ ਬੋਲਦਾ ਹੈ?",
        "ਮੇਰਾ ਪਤੀ ਮੇਰੇ ਨਾਲ ਬਹੁਤ ਲੜਦਾ ਹੈ",
        "ਮੈਨੂੰ ਡਰ ਲੱਗਦਾ ਹੈ",
        "mainu madad chahidi hai, gharwala bahut tang karda",
        "menu angrezi nahin aundi",
    ],
    "ur": [
        "السلام علیکم، کیا کوئی اردو بول سکتا ہے؟",
        "میرا شوہر مجھے گھر سے باہر نہیں نکلنے دیتا",
        "مجھے مدد چاہیے",
        "mujhe madad chahiye",
        "mere shohar bahut gussa karte hain aur mujhe dar lagta hai",
    ],
    "pt": [
        "Boa tarde, alguém fala português?",
        "roubaram a minha bicicleta ontem à noite",
        "não entendo inglês",
        "meu marido grita comigo e eu tenho medo",
        "preciso de ajuda",
    ],
    "es": [
        "Buenas tardes, ¿alguien habla español?",
        "me robaron el bolso ayer en el autobús",
        "no entiendo inglés",
        "mi marido me grita y tengo mucho miedo",
        "necesito ayuda",
    ],
    "ar": [
        "مرحبا، هل يوجد أحد يتكلم العربية؟",
        "زوجي يصرخ علي كل يوم وأنا خائفة",
        "سرقوا هاتفي أمس",
        "محتاجة مساعدة",
        "ana khayfa mish 3arfa",
    ],
    "bn": [
        "আসসালামু আলাইকুম, কেউ কি বাংলা বলতে পারেন?",
        "আমার স্বামী আমাকে বাড়ি থেকে বের হতে দেয় না",
        "আমার ভয় লাগছে",
        "ami khub bhoy pacchi, amar shami bhalo na",
    ],
    "gu": [
        "નમસ્તે, કોઈ ગુજરાતી બોલે છે?",
        "મારા પતિ મારી સાથે બહુ ઝઘડો કરે છે",
        "મને બીક લાગે છે",
        "mane madad joiye chhe",
    ],
    "it": [
        "Buonasera, qualcuno parla italiano?",
        "mi hanno rubato il portafoglio ieri in treno",
        "non capisco l'inglese",
        "mio marito urla sempre e ho paura di tornare a casa",
        "ho bisogno di aiuto",
    ],
    "ta": [
        "வணக்கம், தமிழ் பேசுபவர் யாராவது இருக்கிறார்களா?",
        "என் கணவர் என்னை வெளியே விடுவதில்லை",
        "எனக்கு பயமாக இருக்கிறது",
        "enakku romba bayama irukku",
    ],
    "fr": [
        "Bonjour, est-ce que quelqu'un parle français ?",
        "on m'a volé mon sac hier soir dans le bus",
        "je ne comprends pas l'anglais",
        "mon mari crie tout le temps et j'ai peur de rentrer",
        "j'ai besoin d'aide",
    ],
    "lt": [
        "Laba diena, ar kas nors kalba lietuviškai?",
        "vakar pavogė mano dviratį ir nežinau ką daryti",
        "nesuprantu angliškai",
        "mano vyras rekia ant manes ir as bijau",
        "man reikia pagalbos",
    ],
    "zh": [
        "你好，有人会说中文吗？",
        "我的钱包昨天在公交车上被偷了",
        "我听不懂英语",
        "我老公每天骂我，我很害怕",
        "我需要幫助",
    ],
    "tr": [
        "İyi günler, Türkçe bilen biri var mı?",
        "dün akşam çantamı çaldılar ne yapacağımı bilmiyorum",
        "İngilizce anlamıyorum",
        "kocam bana surekli bagiriyor cok korkuyorum",
        "yardıma ihtiyacım var",
    ],
    "cy": [
        "Prynhawn da, oes rhywun yn siarad Cymraeg?",
        "mae rhywun wedi dwyn fy meic o'r ardd neithiwr",
        "dwi angen help plîs",
        "mae fy ngŵr yn gweiddi arna i bob dydd a dw i'n ofnus",
    ],
    "ru": [
        "Здравствуйте, кто-нибудь говорит по-русски?",
        "у меня вчера украли телефон в автобусе",
        "я не понимаю английский",
        "мне нужна помощь",
        "zdravstvuyte mne nuzhna pomosh",
    ],
    "uk": [
        "Добрий день, хтось розмовляє українською?",
        "у мене вчора вкрали телефон, що мені робити",
        "я не розумію англійську",
        "мені потрібна допомога",
    ],
    "uz": [
        "Assalomu alaykum, o'zbek tilida gaplashadigan odam bormi?",
        "boshliq pulimni bermayapti nima qilaman",
        "menga yordam kerak",
        "мен инглиз тилини тушунмайман",
        "бошлиқ менга пул бермаяпти",
    ],
    "ky": [
        "Саламатсызбы, кыргызча сүйлөгөн адам барбы?",
        "жумуш берүүчү акчабызды төлөбөй жатат",
        "мага жардам керек",
        "мен англисче түшүнбөйм",
    ],
    "tg": [
        "Салом, касе тоҷикӣ гап мезанад?",
        "сардор пули моро намедиҳад",
        "ман англисӣ намефаҳмам",
        "ба ман кӯмак лозим аст",
    ],
    "kk": [
        "Сәлеметсіз бе, қазақша сөйлейтін адам бар ма?",
        "бастық ақшамызды бермей жатыр не істейміз",
        "маған көмек керек",
        "мен ағылшынша түсінбеймін",
    ],
    "bg": [
        "Добър ден, някой говори ли български?",
        "вчера ми откраднаха телефона в автобуса",
        "не разбирам английски",
        "имам нужда от помощ",
    ],
    "sq": [
        "Përshëndetje, a flet dikush shqip?",
        "dje më vodhën telefonin në autobus",
        "nuk kuptoj anglisht",
        "kam nevojë për ndihmë",
        "burri im bertet gjithe kohen dhe kam frike",
    ],
    "vi": [
        "Xin chào, có ai nói tiếng Việt không?",
        "hôm qua tôi bị mất điện thoại trên xe buýt",
        "tôi không hiểu tiếng Anh",
        "toi can giup do, toi khong biet tieng anh",
    ],
    "ti": [
        "ሰላም፡ ትግርኛ ዝዛረብ ሰብ ኣሎ ድዩ?",
        "ሰብኣየይ ካብ ገዛ ክወጽእ ኣይፈቅደለይን እዩ",
        "ሓገዝ የድልየኒ",
        "እንግሊዝኛ ኣይርድኣንን",
    ],
    "am": [
        "ሰላም፣ አማርኛ የሚናገር ሰው አለ?",
        "ባለቤቴ ሁልጊዜ ይጮህብኛል እፈራለሁ",
        "እርዳታ እፈልጋለሁ",
        "እንግሊዝኛ አይገባኝም",
    ],
    "so": [
        "Salaan, ma jiraa qof af Soomaali ku hadla?",
        "ninkayga ayaa mar walba i qayliya waan baqayaa",
        "caawimaad ayaan u baahanahay",
        "ma fahmin ingiriisiga",
    ],
    "fa": [
        "سلام، کسی هست که فارسی صحبت کند؟",
        "شوهرم هر روز سر من داد می‌زند و می‌ترسم",
        "من انگلیسی بلد نیستم",
        "به کمک احتیاج دارم",
        "salam man komak mikham",
    ],
    "ps": [
        "سلام، څوک پښتو خبرې کولی شي؟",
        "زما خاوند هره ورځ په ما چیغې وهي او زه وېرېږم",
        "زه انګلیسي نه پوهېږم",
        "مرستې ته اړتیا لرم",
    ],
    "ku": [
        "Silav, kesek heye ku bi kurdî diaxive?",
        "mêrê min her roj li min diqîre û ez ditirsim",
        "ez îngilîzî nizanim",
        "سڵاو، کەسێک هەیە کوردی بزانێت؟",
        "پێویستم بە یارمەتییە",
    ],
    "hi": [
        "नमस्ते, क्या कोई हिंदी बोलता है?",
        "मेरे पति मुझे घर से बाहर नहीं निकलने देते",
        "मुझे डर लग रहा है",
        "मदद चाहिए",
    ],
    "hu": [
        "Jó napot, beszél valaki magyarul?",
        "tegnap ellopták a táskámat a buszon és nem tudom mit tegyek",
        "nem értek angolul",
        "a ferjem mindig kiabal velem es felek hazamenni",
        "segítségre van szükségem",
    ],
    "sk": [
        "Dobrý deň, hovorí niekto po slovensky?",
        "včera mi ukradli bicykel a neviem čo mám robiť",
        "nerozumiem po anglicky",
        "manžel na mňa stále kričí a bojím sa",
        "potrebujem pomoc",
    ],
    "cs": [
        "Dobrý den, mluví někdo česky?",
        "včera mi ukradli kolo a nevím co mám dělat",
        "nerozumím anglicky",
        "manžel na mě pořád křičí a já se bojím",
        "potřebuji pomoc",
    ],
}
# Nobody who writes these is taken for a writer of English.
BY_SCRIPT = {
    "ne": "मलाई मद्दत चाहिन्छ, म एक्लै छु",
    "ja": "日本語を話せる人はいますか",
    "ko": "한국어 하시는 분 계세요",
    "el": "Μιλάει κανείς ελληνικά;",
    "he": "מישהו מדבר עברית?",
    "th": "มีใครพูดภาษาไทยได้ไหม",
    "ka": "ვინმე ლაპარაკობს ქართულად?",
    "hy": "Որևէ մեկը հայերեն խոսո՞ւմ է",
}
TWINS = ({"cs", "sk"}, {"ur", "hi"}, {"es", "pt"})
"""Where nothing tells two apart, either will do: the name said is corrected by the person."""

STAYS_ENGLISH = [
    "",
    "   ",
    "?",
    "7",
    "07700 900123",
    "ok",
    "no",
    "yes",
    "hi",
    "help",
    "help me",
    "police",
    "fire",
    "hola",
    "ciao",
    "si",
    "oui",
    "da",
    "tak",
    "nie",
    "merci",
    "gracias amigo",
    "salaam",
    "namaste",
    "inshallah",
    "wallah i didnt do it",
    "assalamu alaikum",
    "bore da",
    "diolch",
    "nos da cariad",
    "ta ra",
    "ta ra a bit bab",
    "alreet marra",
    "how do",
    "ey up duck",
    "eyup",
    "wagwan fam",
    "i live in Blaenau Ffestiniog",
    "Llanfairpwllgwyngyll",
    "Betws-y-Coed",
    "Pontypridd",
    "Ystradgynlais near Abercraf",
    "Caernarfon, Bangor, Bethesda, Pwllheli",
    "Aberdare Mountain Ash",
    "my name is Siân",
    "Łukasz",
    "it was Zoë from the café",
    "José María Muñoz",
    "Nguyen Van An",
    "Mohammed Abdul Rahman",
    "Agnieszka Kowalska",
    "Gurpreet Kaur Sandhu",
    "my fiancé left me",
    "ah dinnae ken whit tae dae wi him he's aye greetin",
    "he's oot his heid the noo",
    "mi nuh know weh fi do him a beat mi",
    "abeg make una help me dem dey my door",
    "wheer's tha bin lad, summat up wi thee",
    "gan canny hinny",
    "am proper mad fer it me like",
    "hlp me plz sum1 iz n my hous",
    "omg smh idk wtf tbh",
    "he hit me lol jk",
    "asdfghjkl",
    "aaaaaaa",
    "im ok xx",
    "xoxo",
    "he he he",
    "ha ha",
    "haha",
    "la la la",
    "hmm",
    "ugh",
    "brb",
    "ffs",
    "he called me a puta and a kurwa in the shop",
    "she shouted zabiję cię at me in 2019, is that a threat",
    "my mum is at the gurdwara and nani is at the masjid",
    "he said talaq three times",
    "their izzat is all they care about",
    "the roti and the biryani were cold",
    "c'est la vie",
    "que sera sera",
    "je ne sais quoi",
    "hasta la vista baby",
    "mamma mia",
    "deja vu",
    "bon appetit",
    "vis a vis the restraining order",
    "mea culpa",
    "carpe diem",
    "et cetera et cetera",
    "Lorem ipsum dolor sit amet",
    "¯\\_(ツ)_/¯",
    "( ͡° ͜ʖ ͡°)",
    "ಠ_ಠ",
    "😭😭😭",
    "🔪",
    "привет mate can you help me",
    "his name is محمد and he lives in Leeds",
    "i typed 救命 but i am fine i mean it",
]

DANGER = [
    ("pl", "Pomocy!!!", "immediate_danger"),
    ("pl", "mąż mnie bije", "immediate_danger"),
    ("pl", "maz mnie bije i nie mam gdzie isc", "immediate_danger"),
    ("ro", "vă rog ajutor", "immediate_danger"),
    ("ro", "Soțul mă bate", "immediate_danger"),
    ("ro", "patronul mi-a luat pașaportul și nu mă lasă să plec", "safeguarding"),
    ("pa", "ਮੈਨੂੰ ਬਚਾਓ", "immediate_danger"),
    ("pa", "gharwala mainu marda hai", "immediate_danger"),
    ("ur", "میرا شوہر مجھے مارتا ہے", "immediate_danger"),
    ("ur", "mera shohar mujhe maarta hai", "immediate_danger"),
    ("ur", "main marna chahti hun", "suicide_risk"),
    ("pt", "socorro!", "immediate_danger"),
    ("pt", "meu namorado disse que vai me matar", "immediate_danger"),
    ("es", "ayúdenme por favor", "immediate_danger"),
    ("es", "ya no puedo, quiero morir", "suicide_risk"),
    ("ar", "زوجي يضربني", "immediate_danger"),
    ("ar", "صاحب العمل أخذ جواز سفري", "safeguarding"),
    ("bn", "আমার স্বামী আমাকে মারে", "immediate_danger"),
    ("gu", "મારો પતિ મને મારે છે", "immediate_danger"),
    ("it", "aiuto", "immediate_danger"),
    ("it", "il mio ragazzo mi picchia", "immediate_danger"),
    ("ta", "என் கணவர் என்னை அடிக்கிறார்", "immediate_danger"),
    ("fr", "au secours", "immediate_danger"),
    ("fr", "mon mari me frappe", "immediate_danger"),
    ("fr", "il a pris mon passeport et ne me laisse pas sortir", "safeguarding"),
    ("lt", "vyras mane muša", "immediate_danger"),
    ("zh", "救命", "immediate_danger"),
    ("zh", "老板扣了我的护照，不让我走", "safeguarding"),
    ("zh", "我想死", "suicide_risk"),
    ("tr", "imdat", "immediate_danger"),
    ("tr", "Kocam beni dövüyor", "immediate_danger"),
    ("cy", "mae o'n fy nharo i", "immediate_danger"),
    ("cy", "dwi isio marw", "suicide_risk"),
    ("ru", "Помогите!", "immediate_danger"),
    ("ru", "муж меня бьет", "immediate_danger"),
    ("ru", "хозяин забрал паспорта и не отпускает", "safeguarding"),
    ("uk", "чоловік мене б'є", "immediate_danger"),
    ("uz", "erim meni uradi", "immediate_danger"),
    ("uz", "паспортимни олиб қўйди", "safeguarding"),
    ("ky", "күйөөм мени уруп жатат", "immediate_danger"),
    ("ky", "паспортумду алып коюшту", "safeguarding"),
    ("tg", "шавҳарам маро мезанад", "immediate_danger"),
    ("kk", "күйеуім мені ұрады", "immediate_danger"),
    ("kk", "төлқұжатымды алып қойды", "safeguarding"),
    ("bg", "мъжът ми ме бие", "immediate_danger"),
    ("sq", "burri më rreh", "immediate_danger"),
    ("sq", "ma kanë marrë pasaportën", "safeguarding"),
    ("vi", "chồng tôi đánh tôi", "immediate_danger"),
    ("vi", "chu lay ho chieu cua toi", "safeguarding"),
    ("ti", "ሰብኣየይ ይሃርመኒ", "immediate_danger"),
    ("am", "ባለቤቴ ይመታኛል", "immediate_danger"),
    ("so", "ninkaygu wuu i garaacaa", "immediate_danger"),
    ("fa", "شوهرم منو می‌زنه", "immediate_danger"),
    ("fa", "میخوام بمیرم", "suicide_risk"),
    ("ps", "زما خاوند ما وهي", "immediate_danger"),
    ("ku", "mêrê min li min dixe", "immediate_danger"),
    ("ku", "مێردەکەم لێم دەدات", "immediate_danger"),
    ("hi", "मेरा पति मुझे मारता है", "immediate_danger"),
    ("hu", "segítség!", "immediate_danger"),
    ("hu", "a férjem megver", "immediate_danger"),
    ("sk", "manžel ma bije", "immediate_danger"),
    ("cs", "manžel mě bije", "immediate_danger"),
]
NO_DANGER = [
    "potrzebuję pomocy przy formularzu",
    "czy policja znalazła mój rower",
    "necesito ayuda con el formulario",
    "la policía fue muy amable conmigo",
    "ho bisogno di aiuto con il modulo",
    "нужна помощь с анкетой",
    "когда полиция мне ответит",
    "爸爸昨天打我电话了",
    "我需要帮助填表",
    "yardıma ihtiyacım var form için",
    "مجھے فارم بھرنے میں مدد چاہیے",
    "segítségre van szükségem az űrlappal",
]


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in MESSAGES.items() for text in texts]
)
def test_a_message_is_known_by_its_language(code: str, text: str) -> None:
    found = LANGUAGES.of(text)
    assert found == code or any({found, code} == set(twins) for twins in TWINS)


@pytest.mark.parametrize(("code", "text"), BY_SCRIPT.items())
def test_a_script_alone_tells_that_it_is_not_english(code: str, text: str) -> None:
    assert LANGUAGES.of(text) == code


@pytest.mark.parametrize("text", STAYS_ENGLISH)
def test_what_looks_foreign_and_is_not_stays_english(text: str) -> None:
    assert LANGUAGES.of(text) == "en"


def test_every_language_asked_for_has_messages_here_and_danger_words() -> None:
    asked = (
        "pl ro pa ur pt es ar bn gu it ta fr lt zh tr cy ru uk uz ky tg kk bg sq vi ti am so fa ps"
        " ku hi hu sk cs"
    ).split()
    assert set(asked) == set(MESSAGES) and set(asked) <= set(LANGUAGES.codes())
    assert {code for code, _, _ in DANGER} == set(asked)
    for code in asked:
        assert LANGUAGES.name(code) != code and LANGUAGES.own(code)


@pytest.mark.parametrize(("code", "text", "urgency"), DANGER)
def test_danger_words_are_heard(code: str, text: str, urgency: str) -> None:
    found, hits = LANGUAGES.heard(text)
    assert urgency in {hit.urgency for hit in hits}
    assert {hit.action for hit in hits} == {"interrupt"}
    assert found == code or any({found, code} == set(twins) for twins in TWINS)


@pytest.mark.parametrize("text", NO_DANGER)
def test_an_ordinary_request_holds_no_danger_word(text: str) -> None:
    found, hits = LANGUAGES.heard(text)
    assert (found != "en", hits) == (True, [])


def english() -> list[str]:
    """Return the training messages that are English: not those that ask in Welsh for Welsh."""
    rows = []
    for path in sorted((ROOT / "data" / "understanding" / "train").glob("*.tsv")):
        with path.open(encoding="utf-8") as file:
            rows += list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    welsh = ("cymraeg", "shwmae", "noswaith", "mae e yma")
    return [r["text"] for r in rows if not any(w in r["text"].lower() for w in welsh)]


def test_english_is_taken_for_nothing_else() -> None:
    rows = english()
    wrong = [text for text in rows if LANGUAGES.of(text) != "en"]
    assert len(wrong) <= len(rows) / 1000, wrong


def test_no_english_sentence_holds_a_foreign_danger_word() -> None:
    assert [text for text in english() if LANGUAGES.heard(text)[1]] == []


def test_no_danger_word_is_made_of_english_words_alone() -> None:
    ordinary = (ROOT / "data" / "understanding" / "english.txt").read_text("utf-8").split()
    for code, text, _ in DANGER:
        assert not all(word in ordinary for word in text.lower().split()), (code, text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_nothing_breaks_it(text: str) -> None:
    code, hits = LANGUAGES.heard(text)
    assert code == "en" or code in LANGUAGES.codes()
    assert all(hit.urgency for hit in hits)


def test_broken_and_endless_text_too() -> None:
    for text in (
        "\ud800 help",
        "a" * 16_000,
        "нож " * 4_000,
        "\u0301" * 500,
        "\x00\x01",
        "刀" * 9_000,
    ):
        assert LANGUAGES.heard(text)[0] == "en" or LANGUAGES.heard(text)[0] in LANGUAGES.codes()


def test_the_file_says_what_each_danger_word_means(tmp_path: Path) -> None:
    import yaml

    held = yaml.safe_load((ROOT / "data" / "understanding" / "languages.yml").read_text("utf-8"))
    for code in MESSAGES:
        assert set(held["languages"][code]["danger"]) == set(held["means"]), code


@pytest.mark.parametrize("word", ["pomocy", "ratunku", "ajutor", "imdat"])
@pytest.mark.parametrize("asked", ["", "referral_ask_called", "referral_ask_contact_code_word"])
def test_a_cry_for_help_of_another_language_is_no_name_and_no_code_word(screen, word, asked):
    assert screen.understand(word, "chat", Context(asked)).action == "interrupt"
