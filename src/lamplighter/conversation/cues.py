"""What words said after an errand is done are about, where the acts alone don't tell: a thing put right, another
person, another time, or the agreed time said once more.

Rules of this room: a cue is a set of patterns over plain lower-case words without accents, one set a language; a
language without its own is read by the English ones.
"""

import re
import unicodedata
from dataclasses import dataclass

_EN_KIN = (
    r"husband|wife|spouse|partner|son|daughter|kid|child|teen\w*|mom|mum|mother|dad|father|parent|sister|brother"
    r"|friend|fiance\w*|boyfriend|girlfriend|grand\w+|niece|nephew|aunt|uncle|cousin|room ?mate|neighbou?r|boss"
    r"|coworker|colleague"
)
_EN_ONE = (
    r"(?:also |too |as well )?(?:one(?! thing| question| of)|an? (?:[\w-]+ )?(?:appointment|visit|session|slot)"
    r"|to be seen|to come in|to see (?:some|any)(?:one|body)|to (?:book|make|schedule|get) (?:one|an? ))"
)
_EN_WOULD = r"would (?:also )?(?:like|need|want|love)|could use"
_ES_KIN = (
    r"espos[oa]|marido|mujer|pareja|hij[oa]|nin[oa]|mama|papa|madre|padre|herman[oa]|amig[oa]|novi[oa]|abuel[oa]"
    r"|niet[oa]|sobrin[oa]|ti[oa]|prim[oa]|vecin[oa]|jef[ea]|companer[oa]|colega"
)
_EN = {
    "puts_right": (
        r"actually|wrong|incorrect|(?:not|isn't|wasn't) (?:right|correct|mine|my)"
        r"|mis-?(?:spell|spelt|heard)\w*|spell\w*|spelt"
        r"|instead|rather|sorry|oops|i mean\w*|should(?:'ve| have)? be(?:en)?|correct\w*"
        r"|mistake\w*|chang(?:e|ed|ing)|update"
        r"|different|fix|better (?:number|to)|other number|new (?:phone|cell|number|e-?mail"
        r"|insurance|last name|name)|not"
        r"|my (?:(?:own|real|legal|right|best|phone|cell|cellphone|mobile|last|first|full"
        r"|middle|family|maiden|preferred"
        r"|married|birth|e-?mail|insurance|member|policy) )*(?:name|surname|number|phone|cell"
        r"|mobile|e-?mail|birthday"
        r"|birth ?date|date of birth|dob|insurance|address|id)(?: address| number| id)?(?:'s| is| was| ends)"
        r"|i was born|with (?:an?|one|two|double) \w"
    ),
    "somebody_else": (
        r"(?<!not )(?:my|our|a|the|her|his|their) (?:\w+ )?(?:husband|wife|spouse|partner|son"
        r"|daughter|kid|child|baby|boy|girl"
        r"|teen\w*|mom|mum|mother|dad|father|parent|sister|brother|friend|fiance\w*|boyfriend"
        r"|girlfriend|grand\w+|niece"
        r"|nephew|aunt|uncle|cousin|room ?mate|neighbou?r|boss|coworker|colleague|caregiver"
        r"|assistant|pharmacy|pharmacist"
        r"|doctor|physician|pediatrician|lawyer|attorney|employer|school|office|work)'?s?(?! (?:name|spell))"
        r"|emergency contact|in case of emergency|next of kin|(?:her|his"
        r"|their) (?:\w+ )?(?:name|number|phone|cell|birthday"
        r"|date of birth|e-?mail|insurance)|(?:she|he|they)(?:'s| is| was| are| were) (?:born|called|named)"
    ),
    "wants_one_too": (
        r"(?:needs?|wants?|would (?:like|need|want)|could use) (?:one"
        r"|an? (?:\w+ )?(?:appointment|visit|session)|to be seen"
        r"|to come in|to see (?:some|any)(?:one|body))"
    ),
    "they_want": (
        rf"(?:my|our) (?:[\w'-]+ )?(?:{_EN_KIN})s?,?"
        r"(?: (?!(?:i|i'm|i'd|i've|we|says?|said|thinks?|thought|told)\b)[\w'-]+,?){0,5}?"
        rf" (?:needs?|wants?|is (?:looking|hoping)(?: for)?|{_EN_WOULD}) {_EN_ONE}"
        rf"|(?:he|she) (?:also )?(?:needs|wants|{_EN_WOULD}) {_EN_ONE}"
        r"|(?:can|could|would|will) (?:you|they|dr\.? \w+) (?:guys )?(?:also |please |maybe )*"
        r"(?:book|schedule|see|fit in|take)(?: in)?(?: one| something| an appointment| a visit)?(?: for)?"
        rf" (?:my|our) (?:[\w'-]+ )?(?:{_EN_KIN})(?!'|\w)"
    ),
    "parts_until": (
        r"(?<!to )(?<!\bi )(?<!\bwe )see (?:you|ya|u)|looking forward|i(?:'ll| will) be there|\w+day it is"
        r"|(?:until|till|til) (?:\w+day|tomorrow|the)"
    ),
    "suits_better": (
        r"(?:would be|'d be|might be|is|are|works?|suits? \w+|fits?|sounds) (?:\w+ )?(?:better|best|easier)"
        r"|better (?:on|if)|i'd (?:rather|prefer)|i would (?:rather|prefer)"
    ),
    "another_time": (
        r"instead|rather|prefer\w*|mov(?:e|ed|ing)|chang(?:e|ed|ing)|re-?schedul\w*|switch"
        r"|earlier|(?<!you )later|sooner"
        r"|different|another|other|push|postpone|bump"
        r"|(?<!i'll )(?<!will )(?<!can )(?<!can't )make (?:it|that) (?:on |for |at )?(?!to |there|work|on time)\w+"
    ),
    "another_visit": (
        r"another|other|second|one more|more|also|too|as well|different|next|again|both|two|new|his|hers?|their"
        r"|for (?:him|them|somebody|someone)"
        rf"|(?:my|our) (?:[\w'-]+ )?(?:{_EN_KIN})"
    ),
    "refuses": r"can't|cannot|won't|doesn't|not",
    "asks_for_it": (
        r"actually|better|but|can|could|would|how about|what about|make it|wait|wrong|need|want|no"
    ),
    "content": (
        r"great|perfect|ok|okay|thanks?|thank you|wonderful|awesome|excellent|sounds (?:good"
        r"|great)|good|alright|all right"
        r"|lovely|cool|super|fine|see (?:you|ya)|it is|looking forward|i'll be there|got it"
    ),
    "leaves_it": (
        r"(?:no need to|(?:don't|not|nothing to|without) (?:need to |have to )?)(?:change|move|switch"
        r"|reschedule)\w*"
    ),
}
_ES = {
    "puts_right": (
        r"en realidad|mal|equivoc\w+|incorrect\w+|no es|se escribe|deletre\w+|mejor|en vez"
        r"|perdon|disculpe|quise decir"
        r"|quiero decir|deberia|corrij\w+|corregir|correccion|error|cambi\w+|otro numero|nuevo|nueva|sino"
        r"|mi (?:\w+ )?(?:nombre|apellido|numero|telefono|celular|correo|email|cumpleanos"
        r"|seguro)(?: de \w+)? (?:es|era|termina)"
        r"|mi fecha de nacimiento|naci|con (?:una?|dos|doble) \w"
    ),
    "somebody_else": (
        r"(?:mi|nuestr[oa]|un|una|el|la) (?:espos[oa]|marido|mujer|pareja|hij[oa]|nin[oa]|bebe"
        r"|mama|papa|madre|padre|herman[oa]"
        r"|amig[oa]|novi[oa]|abuel[oa]|niet[oa]|sobrin[oa]|ti[oa]|prim[oa]|vecin[oa]|jef[ea]"
        r"|farmacia|doctora?|medic[oa]"
        r"|abogad[oa]|escuela|trabajo|oficina)|contacto de emergencia|caso de emergencia|(?:el"
        r"|ella) (?:nacio|se llama)"
        r"|se llama"
    ),
    "wants_one_too": (
        r"(?:necesita|quiere|quisiera|le hace falta) (?:una(?: cita| visita)?|venir"
        r"|que (?:l[oae] )?(?:vean|atiendan))"
    ),
    "they_want": (
        rf"(?:mi|nuestr[oa]) (?:\w+ )?(?:{_ES_KIN})s?,?(?: (?!(?:yo|dice|dijo|cree|piensa)\b)\w+,?){{0,5}}?"
        r" (?:necesita|quiere|quisiera|le hace falta|busca) (?:tambien )?(?:una (?:\w+ )?(?:cita|visita|consulta)"
        r"|una tambien|otra|venir|verse|atenderse|ser atendid[oa]|que (?:l[oae] )?(?:vean|atiendan))"
        r"|(?:puede|podria|pueden) (?:tambien )?(?:darle|hacerle|agendar|ver|atender|anotar)(?: una cita)?(?: tambien)?"
        rf" (?:a|para) (?:mi|nuestr[oa]) (?:\w+ )?(?:{_ES_KIN})"
    ),
    "parts_until": (
        r"nos vemos|l[oea]s? veo|hasta (?:el|la|este|esta)|(?:ahi|alli|alla) estare|(?:lunes|martes|miercoles|jueves"
        r"|viernes|sabado|domingo) entonces"
    ),
    "suits_better": (
        r"(?:seria|es|queda|viene|conviene|vendria|quedaria|convendria|funciona) (?:\w+ )?mejor"
        r"|mejor (?:el|la|los|las|a las?|por)|prefier\w+|prefer\w+"
    ),
    "another_time": (
        r"en vez|en lugar|mejor|prefier\w+|prefer\w+|mover\w*|muev\w+|cambi\w+|reprogram\w+|mas temprano"
        r"|mas tarde|antes|otr[oa]s?|pospon\w+|aplaz\w+|que sea|(?:pongal|dejel|hagal)[ao]"
    ),
    "another_visit": (
        r"otr[oa]s?|segund[oa]|tambien|ademas|mas|de nuevo|distint[oa]|diferente|proxim[oa]|siguiente|dos|amb[oa]s"
        rf"|nuev[oa]|su|para (?:el|ella|ellos|alguien)|(?:mi|nuestr[oa]) (?:\w+ )?(?:{_ES_KIN})"
    ),
    "refuses": r"no puedo|no podre|no me queda",
    "asks_for_it": (
        r"pero|puedo|podemos|puede|podria\w*|no|quiero|quisiera|necesito|que tal|espere|en realidad"
        r"|seria"
    ),
    "content": (
        r"perfecto|muy bien|bien|gracias|excelente|genial|de acuerdo|vale|ok|okay|bueno|listo"
        r"|claro|nos vemos|hasta el"
        r"|ahi estare|alli estare|entonces"
    ),
    "leaves_it": r"(?:no hace falta|no (?:hay que|necesito|quiero)|sin|nada que) (?:cambi|mov)\w+",
}
_CUES = {
    language: {name: re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])") for name, pattern in said.items()}
    for language, said in {"en": _EN, "es": _ES}.items()
}


@dataclass(frozen=True, slots=True)
class Cues:
    """What `words` have of each cue."""

    puts_right: bool = False
    somebody_else: bool = False
    wants_one_too: bool = False
    they_want: bool = False
    parts_until: bool = False
    suits_better: bool = False
    another_time: bool = False
    another_visit: bool = False
    refuses: bool = False
    asks_for_it: bool = False
    content: bool = False


def cues(text: str, locale: str) -> Cues:
    patterns = _CUES.get(locale.split("-")[0], _CUES["en"])
    words = patterns["leaves_it"].sub(" ", _plain(text))
    return Cues(**{name: bool(patterns[name].search(words)) for name in Cues.__slots__})


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())
