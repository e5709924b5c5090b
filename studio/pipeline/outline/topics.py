"""What a page is about, in a few words that pictures exist for; found in any of the languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

# The order decides between topics that a prompt names together: the more special one is first.
TOPICS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        topic: re.compile(pattern, re.IGNORECASE)
        for topic, pattern in {
            "bread": r"baker|bread|pastr|bäcker|brot|konditor|boulang|pâtiss|panader|padaria|panific|panett|pasticc|пекарн|хлеб|面包|烘焙|パン屋|ベーカリー",
            "coffee": r"coffee|caf[eéè]|kaffee|rösterei|tea\s?house|\btea\b|tee(?:haus|laden)|кофе|чай|咖啡|茶|カフェ|喫茶|コーヒー",
            "wine": r"\bwine|winery|vineyard|wein|vignoble|\bvin\b|bodega|vino|vinícola|cantina|brewer|brauerei|\bbeer|bière|cerve|birr|вин[ао]|пиво|酒|ワイン|ビール",
            "flowers": r"flor(?:ist|al)|flower|blumen|gärtner|fleur|floris|flores|fior|garden|jardin|jardín|цвет(?:оч|ы)|花|植物|nursery|plant",
            "food": r"restaurant|bistro|pizz|kitchen|food|meal|recipe|trattoria|osteria|cook|küche|koch|essen|cuisine|cocina|comida|cozinha|cucina|gelat|chocolat|honey|honig|ресторан|кухн|рецепт|餐|菜|食|寿司|ラーメン|料理",
            "wood": r"carpent|wood|furnitur|joiner|tischler|schreiner|möbel|holz|menuis|meuble|carpinter|muebl|marcen|falegnam|mobil[ie]|столяр|мебел|木|家具",
            "ceramics": r"ceramic|pottery|potter\b|keramik|töpfer|céramique|poterie|cerámica|cerâmica|керамик|陶",
            "books": r"book|librar|publisher|liter|\bbuch(?!ung)|büch|verlag|livre|éditeur|libr[oe]|livro|editorial|книг|издат|书|本屋|書店|poet|novel|magazine|journal|blog",
            "beauty": r"beauty|cosmetic|skin|salon|hair|barber|spa\b|friseur|kosmetik|beauté|coiffeur|cosmét|belleza|peluquer|beleza|barbearia|bellezza|parrucch|красот|парикмах|美容|美发|化粧|soap|candle|perfum|seife|kerze",
            "health": r"clinic|dent(?:al|ist)|doctor|physio|medic|health|zahn|arzt|praxis|gesund|dentiste|médec|santé|clínica|salud|saúde|medico|salute|стоматолог|клиник|врач|здоров|牙科|诊所|医|歯科|クリニック|vet\b|therap",
            "yoga": r"yoga|meditat|pilates|wellness|mindful|йог|медитац|瑜伽|冥想|ヨガ|瞑想",
            "sport": r"gym|fitness|sport|climb|running|cycling|bike|bicycle|fahrrad|vélo|bici|klett|escalad|спорт|фитнес|健身|运动|ジム|スポーツ|surf|ski\b",
            "sea": r"beach|sea\b|ocean|surf|sail|island|strand|meer|insel|plage|mer\b|playa|mar\b|praia|spiaggia|isola|мор[ея]|пляж|海|岛|島|dive|diving|boat",
            "mountains": r"mountain|hik|alp|trek|outdoor|camp|berg|wander|montagne|randonn|montañ|senderis|montanha|trilha|montagna|escursion|горы|поход|山|登山|キャンプ|forest|wald|nature|natur|farm|bauernhof|ferme|granja|fazenda|fattoria|ферм|农|農",
            "hotel": r"hotel|guest\s?house|hostel|inn\b|pension|auberge|hôtel|posada|pousada|albergo|agriturismo|отел|гостиниц|酒店|民宿|旅館|ホテル|travel|reise|voyage|viaj|viagg|путешеств|旅",
            "architecture": r"architect|architekt|arquitect|arquitet|architett|архитект|建筑|建築|real\s?estate|immobil|inmobil|imobili|недвиж|房产|不動産|interior|construction",
            "music": r"music|band\b|concert|festival|dj\b|record|musik|konzert|musique|música|concierto|musica|музык|концерт|音乐|音楽|フェス|podcast",
            "kids": r"kids|child|kinder|toy|kita|enfant|jouet|crèche|niñ|juguet|guarder|crianç|brinqued|creche|bambin|giocattol|asilo|дет[сие]|игруш|儿童|幼儿|子ども|保育|幼稚",
            "fashion": r"fashion|cloth|wear|shoe|bag|jewel|mode\b|kleid|schuh|schmuck|vêtement|chaussur|bijou|moda|ropa|zapat|joy|roupa|sapat|vestit|scarp|gioiell|одежд|обув|украшен|服|鞋|珠宝|アパレル|靴|ジュエリー|sneaker",
            "energy": r"energy|solar|climate|recycl|energie|klima|énergie|energía|energia|clima|энерг|能源|エネルギー|wind\b|charging",
            "law": r"\blaw\b|lawyer|legal|notar|kanzlei|rechtsanw|avocat|juridi|abogad|advogad|avvocat|юрид|адвокат|律师|法律|弁護士",
            "money": r"bank|financ|invest|insur|tax|account|budget|fintech|versicher|steuer|comptab|assur|finanz|seguro|impuesto|conta(?:bil|dor)|banc|assicur|финанс|банк|страхов|бухгалт|金融|银行|保险|銀行|保険",
            "school": r"school|course|learn|teach|universit|academy|schule|kurs|lernen|école|cours|escuela|curso|aprend|escola|scuola|corso|школ|курс|обуч|学校|课程|教育|塾|language",
            "software": r"software|app\b|saas|platform|api\b|developer|startup|\bai\b|data|analytics|cloud|code|tool|plattform|logiciel|applicat|aplica|piattaforma|приложен|платформ|软件|应用|平台|アプリ|ソフト",
            "photo": r"photo|camera|film|video|fotograf|caméra|fotógraf|фото|видео|摄影|写真|映像",
            "art": r"art(?:ist)?\b|illustrat|design|paint|gallery|museum|kunst|künstler|galerie|musée|arte\b|museo|museu|худож|искусств|дизайн|музей|艺术|设计|博物馆|アート|デザイン|美術",
            "city": r"city|town|urban|tour|stadt|ville|ciudad|cidade|città|город|城市|都市",
            "people": r"agency|consult|coach|team|agentur|berat|agence|conseil|agencia|consultor|agência|agenzia|consulen|агентств|консульт|咨询|コンサル|nonprofit|charity|verein",
        }.items()
    }
)


def find_topic(*texts: str) -> str:
    """Return the first topic that the texts name; empty where they name none."""
    for text in texts:
        for topic, pattern in TOPICS.items():
            if pattern.search(text):
                return topic
    return ""
