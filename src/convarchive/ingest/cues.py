"""The English words and phrases by which a sentence gives away that it leans on another, or says nothing.

Lists only; `standing` reads them. A language without lists is cut by length and boundaries alone.
"""

from __future__ import annotations

import re

OPENERS = frozenset(
    "yeah yes yep yup well so and oh okay ok right um uh erm hmm mm ah no now like anyway sure exactly absolutely "
    "totally definitely indeed hey wow alright look listen honestly basically plus nope".split()
)
"""Words with which speech starts running; a quote may begin after them without losing anything."""

OPENING_PHRASES = (
    "i mean", "you know", "of course", "i guess", "i see", "for sure", "you see", "you're right", "i agree",
    "kind of", "sort of", "good question", "great question", "all right", "let's see", "i totally agree",
    "to be honest", "to be fair", "by the way", "in other words", "that's right", "that's true", "that's a good point",
    "that's a great point", "that's a good question", "that's a great question",
)  # fmt: skip
"""Phrases that do the same."""

CONNECTIVES = frozenset(
    "because cause cuz 'cause which whose whereas or nor therefore thus hence however instead otherwise then also too "
    "likewise similarly either neither both again same other others another meanwhile nevertheless nonetheless still "
    "although though than except especially even until unless consequently accordingly conversely "
    "rather not unlike finally secondly thirdly whom moreover furthermore besides similar".split()
)
"""A sentence that opens with one of these goes on from the sentence before."""

CONNECTING_PHRASES = (
    "for example", "for instance", "for that", "that's why", "that is why", "that way", "at which", "in which",
    "such as", "as well", "as opposed", "on the other", "more than that", "at that point", "at the same time",
    "in that case", "in this case", "in that", "by that", "after that", "before that", "from there", "since then",
    "but", "and then", "and that", "as a result", "the same", "the other", "the others", "the former", "the latter",
    "the second", "the third", "the first one", "the first thing", "the second thing", "the last thing", "the other thing", "later on", "the next", "the last one", "the rest", "the one", "the ones", "some of them",
    "that one", "this one", "these ones", "those ones", "one of them", "one of those", "one of these", "of those",
    "most of them", "all of them", "none of them", "each of them", "half of them", "at least", "in addition", "on the flip side", "on the one hand", "from that",
    "to that", "with that", "on that", "like that", "so that", "so much so", "what about", "how about", "in terms of that",
    "to me that", "one that", "some of those", "one of us", "over here", "over there", "if so", "if not", "another one", "another thing", "one other", "my other", "not just", "not only", "not that",
    "not really", "a lot of them", "the whole thing", "the answer", "that said", "having said", "as such", "aside from", "apart from",
)  # fmt: skip
"""Phrases that do the same. Matched at a sentence's start, after its openers."""

PERSONS = frozenset("he she him her his hers himself herself".split())
THINGS = frozenset("it its itself".split())
MANY = frozenset("they them their theirs themselves".split())
POINTING = frozenset("this that these those".split())

CONTRACTIONS = ("'s", "'re", "'ll", "'d", "'ve", "'m")

AUXILIARIES = frozenset(
    "is are was were am be been being do does did have has had will would can could shall should may might must "
    "isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't won't wouldn't can't couldn't shouldn't "
    "cannot ain't i'm you're we're they're it's that's there's he's she's who's what's here's let's where's i've "
    "you've we've they've i'd you'd we'd they'd he'd she'd i'll you'll we'll they'll it'll that'll he'll she'll "
    "gonna gotta needn't mustn't".split()
)
LIGHT = frozenset(
    "get gets got go goes went come comes came make makes made take takes took give gives gave know knows knew think "
    "thinks thought say says said see sees saw want wants wanted need needs needed let lets put puts mean means feel feels "
    "felt keep kept start starts started become becomes became seem seems tell tells told ask asks asked use uses used try "
    "tries tried find finds found like likes liked happen happens happened begin began hold held leave left "
    "met set sit guess suppose look looks looked talk talks talked turn turns turned show shows remember call called".split()
)
"""Verbs that say little on their own."""
_REGULAR = (
    "accept achieve act add affect agree allow appear apply approach argue arrive ask avoid believe belong build call care "
    "cause change check choose collaborate collect compare complain connect consider contain continue control cook cost "
    "count cover create cry cut deal decide define deliver demand depend describe deserve design develop die discover "
    "discuss disappear earn enjoy enter exist expect explain explore express face fail feel fight fill find finish fit fix "
    "focus follow force happen hate help hope ignore imagine improve include increase influence inspire involve join jump "
    "keep kick kill know lack last laugh lead learn leave lend let like listen live look love maintain make manage matter "
    "mean measure meet mention miss move need notice offer open organise organize own pay pick plan play point prefer "
    "prepare pretend prevent produce promise protect prove provide publish pull push put raise reach react read realise "
    "realize receive recognise recognize recommend reduce refuse reject relate rely remain remember remind remove repeat "
    "replace report represent require respect respond rest return reveal run save say seem sell send serve share ship show "
    "shut sit solve sound speak spend split stand start stay stick stop struggle study succeed suffer suggest support "
    "suppose survive talk teach tell tend test thank think thrive touch track train treat trust try turn understand use "
    "value visit vote wait walk want warn waste watch wear win wish wonder work worry write".split()
)
VERBS = frozenset(
    (
        "gets got goes went came takes took gave knew thought said saw puts meant felt kept became become becomes "
        "began begin begins bring brings brought held hold holds left lose loses lost met sat stood understood paid sent "
        "grow grew grows spoke spent buy buys bought won led taught catch catches caught chose drive drove drives fall "
        "fell hear hears heard rise rose built wrote found told ran made cried died tried tries cries dies applies applied "
        "relies relied worries worried lies lay lie give gives take get go come comes see sees ate eat eats drink break "
        "breaks broke draw drew fly flew forget forgot hide hid hit hurt ride rode shake shook sing sang sleep slept "
        "steal stole swim throw threw wake woke wore sold drew lent shot sought thinks does has dealt stuck fought"
    ).split()
) | frozenset(
    form
    for verb in _REGULAR
    for form in (verb, verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s"), verb.removesuffix("e") + "ed")
)
"""Verbs that a list must know because no ending shows them."""

FUNCTION = (
    frozenset(
        "a an the and or but if so as at by for from in into of off on onto out over to up with without about after "
        "before between through during under against among across around i you we he she it they me us him her them my "
        "your our his its their mine yours ours theirs this that these those who whom whose which what where when why "
        "how there here not no nor just only very really quite too also then than some any all each every both either "
        "neither such own same more most much many few less least lot lots bit kind sort thing things stuff way "
        "something anything everything nothing someone anyone everyone actually basically like yeah yes well okay "
        "one ones maybe probably kinda sorta still even ever never always again back now right sure mean know because "
        "oh um uh gonna gotta wanna pretty little big good great nice cool".split()
    )
    | AUXILIARIES
    | THINGS
    | PERSONS
    | MANY
)
"""Words that name nothing."""

PEOPLE = frozenset(
    "someone somebody anyone anybody everyone everybody person people man woman guy girl boy kid kids child children "
    "friend wife husband father mother dad mom son daughter brother sister boss manager leader teacher doctor nurse "
    "engineer developer customer user client patient student founder colleague coworker nobody parent citizen "
    "team community company government council public staff folks family families partner partners baby who".split()
)
"""Whom `they`, `he` or `she` may mean within the same sentence."""

MOMENTS = frozenset(
    "year week month day morning afternoon evening time summer winter spring fall autumn century decade country world "
    "society planet life age era moment generation place earth industry pandemic crisis climate weekend season".split()
)
"""Nouns that `this` may point at without anything said before."""

EXPLETIVE = re.compile(
    r"^it(?:'s|'ll be| is| was| will be|'d be| would be| can be| could be| might be| may be| has been|'s been| seems| feels"
    r"| gets| is going to be|'s going to be|'s gonna be| must be| isn't| wasn't)"
    r"(?: (?:not|just|really|very|so|always|also|often|pretty|quite|super|all|too|more|much|still|almost|never|a lot|"
    r"incredibly|extremely|absolutely|usually|probably))*"
    r" (?:(?:not |un)?(?:important|possible|impossible|better|true|clear|fair|easy|hard|difficult|easier|harder|necessary|good|great|nice|"
    r"wonderful|fascinating|crucial|essential|critical|useful|helpful|dangerous|fun|wise|wrong|right|natural|normal|common|rare|"
    r"tempting|enough|time|up|worth|amazing|crazy|funny|interesting|cool|sad|likely|obvious|okay|rewarding|healthy|vital)"
    r" (?:to|that|when|if|how|for \w+ to|for \w+ \w+ to|whether) )"
    r"|^it (?:(?:doesn't |does not |can |will |would |might )?(?:takes? (?:a |an |years|time|courage|people|two|long|more)|costs? (?:a|money|more)|"
    r"matters? (?:that|how|what|who)|depends on (?:how|what|who|where)|makes sense (?:to|that)|turns out|pays to|helps to) ?)"
)
""""It" that means nothing in particular: "it is hard to …", "it takes time to …", "it turns out …"."""

DEFINING = re.compile(
    r"^(?:it's|it is)(?: (?:really|just|all|more|not|only|simply|very much|always))*"
    r" (?:about|having|being|how|when|where|knowing|understanding|letting) "
)
"""A definition whose subject is the topic under discussion: "It's having a society where …"."""

PARTNER = re.compile(
    r"\b(?:you (?:just )?(?:said|mentioned|were saying|were talking|asked|described|brought up|pointed out|talked about|alluded to)|"
    r"you're (?:saying|asking|describing|talking about|referring|mentioning|suggesting)|like (?:you|he|she|they) (?:say|said|were saying)|as you (?:say|said|know|mentioned|described)|"
    r"your (?:question|point|answer|comment|example|analogy|talk|article|blog|post|book|company|website|team|tweet|background|story)|"
    r"(?:we|i) (?:just )?(?:said|mentioned|talked about|discussed|were talking|described) (?:\w+ )?(?:earlier|before|just|already)|"
    r"(?:as|like) (?:i|we) (?:said|mentioned|say)|i (?:just )?(?:said|mentioned) (?:earlier|before)|what (?:you|he|she|they) said|"
    r"(?:he|she|they) just mentioned|mentioned earlier|earlier in (?:the|this)|(?:can|could|would) you (?:please|maybe|just|tell|explain|talk|share)|"
    r"tell us|tell me|(?:go|over|back) to you|heard you|you've (?:built|done|been (?:doing|working)|written|said|mentioned|talked|described|worked|got to)|"
    r"(?<!if )(?<!when )(?<!what )you (?:came up|built|wrote|made|created|started|founded|joined|moved|worked|gave|went|"
    r"decided|tweeted|posted|released|shipped|stole|told|asked|showed|named|picked|chose|brought|put together|spoke|touched)|"
    r"you guys|told you|(?:that|what|how) you (?:are|were|did) (?:doing|building|working)|i agree with|to answer|to your|good for you|if you'd like to|come back|"
    r"do you|don't you|did you|have you|are you)\b"
)
"""Words said to the person opposite, about what that person said."""

GREETING = re.compile(
    r"^(?:(?:well|so|oh|and|hey|ok|okay|alright|all right)\W+)*(?:hello|hi|hey|good (?:morning|afternoon|evening)|welcome|"
    r"thank you|thanks|bye|goodbye|see you|see ya|take care|cheers|you're welcome|no problem|my pleasure|"
    r"(?:it's |it is |it was )?(?:so |really )?(?:great|good|nice|lovely|wonderful|a pleasure|an honor|an honour|my pleasure|awesome|"
    r"exciting|fun) (?:to (?:be|have|see|meet|talk|chat|speak|hear)|having|being|talking|chatting|meeting)|"
    r"(?:i'm |we're )?(?:so |really |very |super )?(?:happy|glad|excited|delighted|pleased|thrilled|honou?red|stoked) to (?:be (?:here|on|back|joined)|have (?:you|us|me))|"
    r"how are you|how's it going|congratulations|congrats|happy (?:new|birthday)|have a (?:good|great|nice)|let's say hello)\b"
)
PLEASANTRY = re.compile(
    r"\b(?:thank you (?:so|very|for|all|both|again|to)|thanks (?:so much|for (?:having|coming|joining|listening|being|tuning|your|taking|the))|"
    r"thanks (?:again|to our|everyone|everybody)|for having (?:me|us)|welcome (?:back )?to (?:the|our|another|this)|welcome back|"
    r"(?:appreciate|enjoyed) (?:you|your|this|the|it) ?(?:coming|joining|conversation|time|being|so much)?|joining (?:us|me)|joined (?:today )?by|"
    r"(?:our|my|today's|special) guests?|my name is|i'm your host|pleasure (?:to|having|talking)|tune in|see you next|on the show|come(?:s)? (?:back )?on the (?:show|podcast)|"
    r"nice to meet|say (?:hi|hello|goodbye)|introduce (?:yourself|yourselves|our|ourselves|myself)|congrat\w*)\b"
)
HOUSEKEEPING = re.compile(
    r"\b(?:take a (?:quick |short )?break|after the break|we'll be (?:right )?back|show ?notes|next episode|"
    r"(?:last|previous|this|that|today's|another|an) episode|episodes?|time for (?:the|some|our|sponsored|one)|(?:could|can|will|to|'ll|gonna) talk (?:a (?:little )?bit )?(?:more )?about|stick around|stay tuned|in the (?:next|last) (?:show|segment|episode)|(?:our|all the|dear|for the) listeners?|subscribe|podcast apps?|"
    r"leave (?:us )?a review|rate us|mailing list|newsletter|follow (?:us|me|him|her|them) on|"
    r"link (?:it|them|that|to|this|up|in)|links? (?:in|to|for)|"
    r"drop (?:a|the|it|that) (?:link|in)|move on|moving on|let's (?:talk|get|go|move|switch|dive|jump|start|pause|leave|close|wrap|do|turn|shift|change|hear|say|see|take|open)|"
    r"next (?:question|topic|up|story|segment)|before we (?:go|close|end|finish|wrap|let|start|get)|wrap(?:ping)? (?:this |it |things )?up|this (?:podcast|show|conversation|call|segment|interview|panel)|"
    r"(?:the|our) (?:podcast|pod)\b|run(?:ning)? out of time|first question|last question|follow-?up question|final question|question for you|"
    r"(?:i'll|i will|i want to|i'd like to|i wanted to|i'm gonna|let me|i'm going to|i'm curious|can i|i have to) (?:ask|just ask|jump in|interrupt|pause|hand|throw|read|stop|hear)|let me know|unmute|"
    r"(?:i'm|i was) (?:just )?(?:curious|wondering|asking)|round of applause|clap|break-?in|lightning round|team \w+ (?:gets|got)|points?\?|hit (?:the )?(?:record|mute)|go ahead)\b"
)
ADDRESS = re.compile(
    r"(?:https?:|www\.|\b[\w-]+\.(?:com|org|net|io|fm|dev|co\.uk|social|ai/)(?:\b|/)|\bdot (?:com|org|io|fm)\b|\bslash \w+$|@\w+)"
)
ADVERT = re.compile(
    r"\b(?:brought to you by|sponsored (?:by|news)|(?:our|today's|this episode's|the) (?:\w+ )?sponsors?|sponsor(?:ing)? (?:of )?(?:this|the|our) (?:show|episode|podcast)|"
    r"promo(?:tional)? code|(?:discount|coupon|offer) code|use (?:the |our )?code|(?:percent|%) off|free trial|"
    r"head (?:over )?to \S+\.\w+|go to \S+\.(?:com|io|org|dev|fm|co)|visit \S+\.(?:com|io|org|dev|fm|co)|sign up (?:today|now|for free|at)|"
    r"thanks to our (?:friends|partners)|our friends (?:at|over at)|check (?:them|it|us) out at|learn more at|get started (?:for free|at|today)|"
    r"(?:dollars?|\$\d+) (?:in )?credit|limited time|money-?back|support (?:us|the show|our work) (?:on|at|by)|become a member|changelog\+\+|plus plus)\b"
)
FILLERS = frozenset("um uh erm er hmm mm".split())
FILLER_PHRASES = ("you know", "i mean", "sort of", "kind of")
NOT_NOUNS = frozenset(
    "better worse best worst further farther together faster slower sooner later early late well often sometimes "
    "instead away back forward ahead today tomorrow yesterday first second last next new old long short high low "
    "different same important able sure true hard easy different whole entire certain real true whatever whenever "
    "wherever whoever however whether while since because although though please once twice going trying doing "
    "making getting having being taking looking using working saying thinking talking coming putting giving "
    "interested excited happy glad sad sorry ready cool awesome amazing interesting fun funny weird crazy wrong fine "
    "extent case cases sense side hand standpoint perspective level degree example instance gosh god reason reasons way term terms "
    "year years month months day days week weeks time times way ways point hour hours minute minutes sort part "
    "couple number bunch lots everyone alone apart everywhere somewhere anywhere else soon ago far close exactly hundred thousand million two three four five".split()
)
"""Words with content that nevertheless cannot be what `it` means."""

BEFORE_THAT = frozenset(
    "of with for about from on in to at by like than after before into around behind over under through without "
    "beyond within against upon doing do did done does all know knew say said love hate see saw hear heard using use "
    "and but or because so if when think guess mean not is was just even".split()
)
"""After these, `that` points at something; after a noun it begins a relative clause."""

CLAUSE_OPENERS = frozenset("is was think say said know mean guess hear heard see saw so not just".split())
"""After these, `that` mostly begins a clause."""

BEFORE_ONE = frozenset("this that which the other another first second only no every each".split())
FOLLOWED_BY = frozenset("of that who where which called".split())
"""Words by which a sentence itself says what its `this` or `those` means."""

WHATEVER = frozenset(
    "something everything anything thing things stuff someone somebody everyone everybody anyone".split()
)
PERSONAL = frozenset("someone somebody everyone everybody anyone anybody".split())
"""Whom `it` cannot mean."""
LAST_WORDS = frozenset("too either though so instead then".split())
HEDGES = frozenset("just even only actually maybe probably also".split())
ARTICLES = frozenset("the a an our your my every no".split())
SUBJECTS = frozenset("i we you they he she it people".split())
SUBORDINATORS = frozenset("if when while since as where once whenever whether whatever wherever".split())
HANGERS = frozenset("because since so if when where who which".split())
"""Words that hang a clause on what stands before them."""

LEADING_PREPOSITIONS = frozenset("to by for with from in on at of about into just like being having".split())
HEADLESS = frozenset(
    "is was does has had would could makes sounds depends seems got gets isn't wasn't doesn't didn't goes works looks "
    "are were did can will should went gonna".split()
)
"""Verbs that open a sentence only where its subject was left out."""

FREE_OPENERS = frozenset("so and well yeah oh um uh okay plus er erm".split())
"""Openers that need no comma after them."""

IDLE_IT = (
    *(
        f"{verb} it {rest} "
        for verb in ("make", "makes", "made", "making", "find", "found", "finds")
        for rest in ("easy", "easier", "hard", "harder", "possible", "really", "difficult", "clear", "impossible")
    ),
    "when it comes to",
    "if it weren't for",
    "if it wasn't for",
    "take it for granted",
)
"""Turns of phrase in which `it` means nothing."""

TRAILING = frozenset("and but or so because like then also plus which cuz if i'm it's i you know".split())
"""Words on which a sentence trails off after it was complete ("…, so...")."""

UNHEARD = re.compile(
    r"\[[^\]]*(?:unintelligible|inaudible|crosstalk|laugh|music|bleep|applause|\d\d:\d\d)[^\]]*\]|\(laugh"
)
"""What a transcriber writes where words could not be heard."""

DANGLING = frozenset(
    "and but or because the a an of for with if when as than my your our their its his is are was were i'm you're "
    "we're they're i at from by into very where how what maybe whatever also plus".split()
)
"""Words on which nobody ends a finished sentence that trails off."""

TAGS = re.compile(
    r"(?:,|\.\.\.|-) (?:right|you know|yeah|okay|ok|huh|no|eh|correct|isn't it|aren't they|don't you think|doesn't it|"
    r"wasn't it|isn't that|do you know what i mean|you know what i mean|if that makes sense|does that make sense)\W*$"
)
"""A tag that turns a statement into a question in writing only."""

VAGUE = frozenset(
    "thing things part piece stuff way kind sort type problem point case one same direction area side level process step".split()
)
"""Nouns that `this` and `that` hold up without saying which."""

AFTER_THERE = frozenset("seems seem needs exists used still really in at".split())
BEFORE_THERE = frozenset("out been is are isn't aren't was were be".split())
"""Words beside which `there` only says that something exists."""

TOPIC = re.compile(
    r"the (?:\w+ ){0,2}?(?:question|answer|problem|point|reason|idea|example|difference|goal|issue|result|solution|trick|"
    r"challenge|topic|story|process|project|feature|part|tool|approach|concept) (?:is|was|isn't|wasn't|would|has|had|for me|here|there) "
)
"""A sentence about "the question" or "the problem" says which one only where something follows it."""

ACTED = re.compile(
    r"\b(?:(?:i|he|she|they|you|we|people) (?:was|were|am|is|are)|i'm|he's|she's|they're|you're|we're|and it's) (?:just )?like (?:no|yes|yeah|oh|okay|"
    r"ok|hey|wait|what|well|wow|why|i|man|dude|alright|hmm|you|we|let's|how|this|that|the|nah|nope)\b"
)
"""Speech acted out ("I was like, no, …"), which reads oddly without the voice."""

SCENE = re.compile(
    r"[\"“](?:oh|okay|ok|hey|yeah|well|no|yes|yep|because|hold on|come on|wait|what|wow|hi|hello|alright|all right|hmm|look|you know)\b"
    r"|\blike,? [\"“]|[\"“](?:[^\s\"”]+ ){5,}[^\s\"”]+[\"”]|[\"“][^\"”]+[.!?] [^\"”]+[\"”]"
)
"""Speech acted out between quotation marks."""

BINDING = frozenset("that which what how where when why".split())
"""Words that bind a clause to the noun before: that noun cannot be the clause's own `they`."""

SAYING = frozenset(
    "is are isn't aren't means would must should can can't needs takes starts requires begins comes".split()
)
"""Verbs that say what something is or ought to be."""
