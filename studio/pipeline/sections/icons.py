"""Icons of ours: strokes on a grid of 24, chosen by what an item says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from studio.pipeline.sections.markup import Element, Raw, make

PATHS: Mapping[str, str] = MappingProxyType(
    {
        "check": "M5 12.5l4.5 4.5L19 7.5",
        "arrow": "M5 12h14M13 6l6 6-6 6",
        "star": "M12 4l2.4 5 5.6.8-4 3.9.9 5.5-4.9-2.7-4.9 2.7.9-5.5-4-3.9 5.6-.8z",
        "heart": "M12 19.5S4.5 15 4.5 9.7A4 4 0 0112 7.8a4 4 0 017.5 1.9C19.5 15 12 19.5 12 19.5z",
        "clock": "M12 4a8 8 0 100 16 8 8 0 000-16zM12 8v4.5l3 2",
        "pin": "M12 20.5s6.5-5.6 6.5-10.5a6.5 6.5 0 10-13 0c0 4.9 6.5 10.5 6.5 10.5zM12 12.2a2.3 2.3 0 100-4.6 2.3 2.3 0 000 4.6z",
        "phone": "M6 4h3l1.5 4-2 1.5a11 11 0 006 6l1.5-2 4 1.5v3a2 2 0 01-2 2C11 20 4 13 4 6a2 2 0 012-2z",
        "mail": "M4 6.5h16v11H4zM4.5 7l7.5 6 7.5-6",
        "leaf": "M5 19c0-8 5-13 14-14 0 9-4 14-11 14-1.5 0-2.5-.5-3-1zM5 20c2-5 5-8 9-10",
        "sun": "M12 8a4 4 0 100 8 4 4 0 000-8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.5 1.5M16.9 16.9l1.5 1.5M5.6 18.4l1.5-1.5M16.9 7.1l1.5-1.5",
        "shield": "M12 4l7 2.5V12c0 4-3 6.8-7 8-4-1.2-7-4-7-8V6.5zM9 12l2.2 2.2L15.2 10",
        "bolt": "M13 3.5L6 13.5h5l-1 7 7-10h-5z",
        "chart": "M4.5 19.5h15M7.5 16v-5M12 16V6.5M16.5 16v-7",
        "people": "M9 11a3 3 0 100-6 3 3 0 000 6zM3.5 19c.4-3.5 2.5-5 5.5-5s5.1 1.5 5.5 5M15.5 5.3a3 3 0 010 5.4M17 14.3c2 .6 3.2 2.2 3.5 4.7",
        "person": "M12 11.5a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM5 19.5c.6-3.7 3.2-5.5 7-5.5s6.4 1.8 7 5.5",
        "tool": "M14.5 6.5a4 4 0 00-5 5L4.5 16.5l3 3 5-5a4 4 0 005-5L15 12l-3-3z",
        "box": "M4.5 8L12 4l7.5 4v8L12 20l-7.5-4zM4.5 8l7.5 4 7.5-4M12 12v8",
        "truck": "M3.5 7h10v9h-10zM13.5 10h4l3 3v3h-7zM7 18.5a1.5 1.5 0 100-3 1.5 1.5 0 000 3zM17 18.5a1.5 1.5 0 100-3 1.5 1.5 0 000 3z",
        "cup": "M5 8h11v5a5 5 0 01-5 5h-1a5 5 0 01-5-5zM16 9.5h1.5a2.2 2.2 0 010 4.5H16M8 3.5v2M12 3.5v2",
        "book": "M12 6.5c-2-1.5-4.5-1.8-7.5-1.5v13c3-.3 5.5 0 7.5 1.5 2-1.5 4.5-1.8 7.5-1.5V5c-3-.3-5.5 0-7.5 1.5zM12 6.5v13",
        "camera": "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.5a3.3 3.3 0 100-6.6 3.3 3.3 0 000 6.6z",
        "code": "M8.5 8L4.5 12l4 4M15.5 8l4 4-4 4M13.5 5.5l-3 13",
        "cloud": "M7.5 18a4 4 0 01-.3-8 5 5 0 019.6-1A4.5 4.5 0 0117 18z",
        "lock": "M6.5 11h11v8.5h-11zM9 11V8a3 3 0 016 0v3",
        "globe": "M12 4a8 8 0 100 16 8 8 0 000-16zM4 12h16M12 4c2.5 2.3 3.5 5 3.5 8s-1 5.7-3.5 8c-2.5-2.3-3.5-5-3.5-8s1-5.7 3.5-8z",
        "calendar": "M5 6.5h14v13H5zM5 10.5h14M9 4v4M15 4v4",
        "chat": "M4.5 5.5h15v10h-8l-4 3.5v-3.5h-3z",
        "gift": "M4.5 9h15v3.5h-15zM6 12.5h12v7H6zM12 9v10.5M12 9C9 9 7.5 8 7.5 6.5S10 4.5 12 9c2-4.5 4.5-4 4.5-2.5S15 9 12 9z",
        "coin": "M12 4a8 8 0 100 16 8 8 0 000-16zM14.5 9.5c-.5-1-1.4-1.5-2.5-1.5-1.5 0-2.5.8-2.5 2s1 1.7 2.5 2 2.5.8 2.5 2-1 2-2.5 2c-1.2 0-2.1-.5-2.6-1.5M12 6.5v11",
        "home": "M4.5 11.5L12 5l7.5 6.5M6.5 10v9.5h11V10M10 19.5v-5h4v5",
        "spark": "M12 3.5l1.8 6.7 6.7 1.8-6.7 1.8L12 20.5l-1.8-6.7L3.5 12l6.7-1.8z",
        "gear": "M12 9a3 3 0 100 6 3 3 0 000-6zM12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9L18 18M6 18l2.1-2.1M15.9 8.1L18 6",
        "search": "M10.5 5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM14.5 14.5L19.5 19.5",
        "plus": "M12 5v14M5 12h14",
        "music": "M9 17.5V6l9-1.5V16M9 17.5a2.5 2.5 0 11-5 0 2.5 2.5 0 015 0zM18 16a2.5 2.5 0 11-5 0 2.5 2.5 0 015 0z",
        "flame": "M12 3.5c.5 3.5 5.5 5.5 5.5 10.5a5.5 5.5 0 01-11 0c0-2.5 1.5-4 2.5-5.5.5 1.5 1 2 2 2.5.5-2.5 0-5 1-7.5z",
        "award": "M12 14a5 5 0 100-10 5 5 0 000 10zM9 13.2L7.5 20.5l4.5-2.5 4.5 2.5L15 13.2",
    }
)
# What an item says → its icon, in the languages of the vocabularies; the first match counts.
MEANINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("clock", r"time|hour|fast|quick|24/7|zeit|stunde|schnell|temps|rapid|heure|tiempo|hora|rápid|tempo|velo[cz]|врем|быстр|时间|快|時間|早"),
        ("calendar", r"book|appoint|schedul|event|termin|buch(?:en|ung)|réserv|rendez|reserv|cita|agend|prenota|appuntament|запис|расписан|预约|日程|予約"),
        ("truck", r"deliver|shipping|liefer|versand|livrai|envío|entreg|consegna|spedizion|доставк|配送|送货|配達|発送"),
        ("leaf", r"organic|natur|green|sustain|eco|bio\b|vegan|seasonal|garden|plant|nachhalt|regional|naturel|durable|sosteni|sustent|эколог|природ|натурал|自然|有机|環境|有機"),
        ("shield", r"safe|secur|trust|protect|guarant|insur|privacy|sicher|garanti|schutz|vertrau|sûr|sécur|segur|garant|sicur|надёж|надеж|гарант|безопас|安全|保障|保证|安心|保証"),
        ("people", r"team|famil|commun|group|friend|together|gemeinsam|gruppe|équipe|groupe|equipo|grupo|comunid|squadra|gruppo|команд|групп|семь|团队|家庭|小组|家族|チーム|少人数"),
        ("chat", r"support|advice|help|consult|talk|languag|berat|hilfe|sprach|conseil|aide|langue|asesor|ayuda|idioma|consult|aiut|lingu|поддерж|консульт|разговор|язык|咨询|支持|语言|相談|会話"),
        ("coin", r"price|cost|money|budget|pay|fair|preis|kosten|zahl|prix|coût|precio|coste|pago|preço|custo|prezzo|cost|цен|оплат|стоим|价格|费用|料金|価格"),
        ("tool", r"repair|install|build|craft|renov|restor|hand ?made|reparat|einbau|bau(?:en)?\b|handwerk|restaur|réparat|artisan|reparac|instala|artesan|repar|ripara|ремонт|ручн|монтаж|修|手工|工艺|修理|手作り|職人"),
        ("chart", r"report|analy|insight|metric|growth|data|track|bericht|auswert|rapport|suivi|informe|anális|relatóri|dati|отч[её]т|аналит|数据|分析|報告|データ"),
        ("code", r"api|code|develop|integrat|entwick|intégrat|desarroll|integra|svilupp|разработ|интегр|开发|集成|開発|連携"),
        ("cloud", r"cloud|sync|backup|storage|synchron|nuage|nube|nuvem|облак|云|同步|クラウド|同期"),
        ("home", r"home|house|kitchen|room|haus|küche|zimmer|wohn|maison|cuisine|chambre|casa|cocina|habitac|cozinha|quarto|camera|дом|кухн|комнат|номер|家|厨房|房|住|部屋|客室"),
        ("book", r"cours|lesson|learn|read|class|workshop|kurs|unterricht|lern|lese|atelier|clase|curso|aula|corso|lezion|урок|курс|чтени|обуч|课|学习|阅读|講座|学|読"),
        ("camera", r"photo|video|film|portrait|foto|vidéo|фото|видео|摄影|照片|写真|映像"),
        ("music", r"music|concert|sound|musik|klang|musique|música|musica|музык|звук|音乐|音楽"),
        ("flame", r"fire|oven|energy|heat|train|strength|ofen|feuer|energie|kraft|four|feu|énerg|horno|fuego|energ|forno|fogo|fuoco|печ|огон|энерг|сил|炉|火|力量|窯|炎|温泉"),
        ("cup", r"coffee|tea|drink|breakfast|kaffee|tee\b|frühstück|getränk|café|thé|boisson|petit.déj|desayun|bebida|chá|colazion|tè\b|кофе|чай|завтрак|напит|咖啡|茶|早餐|饮|コーヒー|朝食"),
        ("heart", r"care|love|well|health|gentle|passion|liebe|gesund|sanft|herz|soin|santé|cœur|amour|cuid|salud|amor|saúde|cura|salut|забот|здоров|люб|关怀|健康|爱|ケア|心|やさし"),
        ("pin", r"local|place|near|travel|tour|region|ort\b|nähe|reise|lieu|près|voyage|lugar|cerca|viaje|local|perto|viagem|luogo|vicin|viaggio|мест|рядом|путеш|地|附近|旅|近|場所"),
        ("award", r"quality|best|award|expert|experience|professional|qualität|erfahr|meister|qualité|expéri|calidad|experi|qualid|qualità|esperi|качеств|опыт|品质|经验|专业|品質|経験"),
        ("box", r"product|order|pack|stock|produkt|bestell|produit|command|producto|pedido|produto|prodott|ordin|товар|заказ|产品|订单|商品|注文"),
        ("globe", r"world|international|online|web|welt|monde|mundo|mondo|мир|онлайн|世界|在线|オンライン|海外"),
        ("person", r"personal|individual|custom|tailor|persönlich|personnel|mesure|personal|medida|pessoal|su misura|личн|индивид|个性|定制|個別|オーダー"),
        ("bolt", r"power|instant|automat|speed|charg|strom|sofort|lade|électr|instant|automá|електр|автомат|即时|自动|自動|充電"),
        ("gift", r"gift|free|bonus|surprise|geschenk|gratis|kostenlos|cadeau|gratuit|regalo|presente|gratuito|подар|бесплат|礼|免费|ギフト|無料"),
        ("sun", r"summer|sun|day|light|sommer|sonne|licht|soleil|lumière|sol\b|luz|sole|luce|солн|свет|阳光|光|朝|景色"),
    )
)
USUAL = ("spark", "heart", "award", "leaf", "star", "sun", "pin", "check", "gift")
NAVIGATION = ("home", "box", "people", "gift", "chart", "gear", "mail", "calendar", "chat")


def draw_icon(name: str, cls: str = "icon") -> Element:
    """Return an icon that assistive technology leaves out."""
    path = Raw(f'<path d="{PATHS[name]}" />')
    return make("svg", path, cls=cls, viewBox="0 0 24 24", aria_hidden="true")


def choose_icons(texts: list[str]) -> list[str]:
    """Return the name of an icon for each text, none twice while others are left."""
    chosen: list[str] = []
    for text in texts:
        fitting = [name for name, pattern in MEANINGS if pattern.search(text)]
        candidates = [*fitting, *USUAL]
        free = [name for name in candidates if name not in chosen]
        chosen.append((free or candidates)[0])
    return chosen
