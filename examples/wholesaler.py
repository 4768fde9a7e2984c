"""The made-up wholesaler: who it is, whom it sells to and what it sells (data only, used by make_example.py).

Technische Groothandel Wolverdijk, its customers, people and competitors do not exist. Numbers that point at
someone in real life are chosen so that they cannot: KvK numbers start with 0000, btw-nummers fail their check
digit, telephone numbers lie in 088-0000 and 06-0000, mail addresses end in .example.
"""

from __future__ import annotations

from dataclasses import dataclass

DEMO = "10021"  # the account with rich data: the one the README and `make demo` plan for
MANAGER, SECOND_MANAGER = "Marit Oldekamp", "Joris Wevelaar"
INSIDE, SECOND_INSIDE = "Sanne Tolhuis", "Petra Slingeland"
PRESALES, SUPPORT, LOGISTICS = "Ruben Akkerveld", "Dirk Hameloo", "Yasmina Berkant"

PRODUCT_GROUPS = {
    "BEV": "Bevestigingsmaterialen",
    "ELE": "Elektrotechnisch installatiemateriaal",
    "LEI": "Leidingen en fittingen",
    "GER": "Gereedschap",
    "PBM": "Persoonlijke bescherming",
    "LAG": "Lagers en aandrijftechniek",
    "PNE": "Pneumatiek en hydrauliek",
    "LIJ": "Lijmen, kitten en smeermiddelen",
    "DIE": "Voorraadbeheer en diensten",
}


@dataclass(frozen=True)
class Article:
    """One article: list price in cents of 2023, cost as a percentage of it, smallest quantity in hundredths."""

    code: str
    name: str
    list_cents: int
    cost_pct: int
    step: int = 100

    @property
    def group(self) -> str:
        """The three letters in front of the article number, a key of PRODUCT_GROUPS."""
        return self.code[:3]


ARTICLES = (
    Article("BEV-10110", "Zeskantbout M8x40 8.8 verzinkt, doos 200 st.", 3890, 55),
    Article("BEV-10122", "Zeskantbout M12x60 10.9 blank, doos 100 st.", 6450, 56),
    Article("BEV-10340", "Inbusbout M6x25 A2 rvs, doos 500 st.", 7325, 54),
    Article("BEV-11205", "Borgmoer M10 DIN 985, doos 500 st.", 4180, 55),
    Article("BEV-12010", "Spaanplaatschroef 5,0x60 TX25, doos 500 st.", 2640, 58),
    Article("BEV-13400", "Chemisch anker M16 met mortelpatroon, set 10 st.", 11890, 52),
    Article("BEV-14020", "Assortimentskast bevestiging 48 vaks", 38900, 53),
    Article("ELE-20105", "Installatiekabel 3x2,5 mm² grijs, rol 100 m", 11275, 63),
    Article("ELE-20230", "Kabelgoot 100x60 mm verzinkt, lengte 3 m", 3460, 57),
    Article("ELE-20415", "Wandcontactdoos 2-voudig met randaarde, wit", 1295, 56),
    Article("ELE-20610", "Installatieautomaat B16 1P+N", 2180, 58),
    Article("ELE-20720", "Frequentieregelaar 4 kW 400 V", 62500, 58),
    Article("ELE-20905", "Kabelwartel M20 messing, zak 50 st.", 8940, 54),
    Article("LEI-30110", 'Kogelkraan 1/2" messing, binnendraad', 1380, 57),
    Article("LEI-30125", "Koperbuis Ø22x1,1 mm, lengte 5 m", 6240, 66),
    Article("LEI-30210", "Perskoppeling Ø22 mm koper, zak 10 st.", 5490, 58),
    Article("LEI-30305", "Meerlagenbuis 20x2 mm, rol 100 m", 14800, 61),
    Article("LEI-30470", "Leidingisolatie 22x13 mm, lengte 2 m", 415, 55),
    Article("GER-40115", "Accuboormachine 18 V met 2 accu's 5,0 Ah", 28900, 64),
    Article("GER-40160", "Haakse slijper 125 mm 1.400 W", 14450, 63),
    Article("GER-40320", 'Dopsleutelset 1/2" 24-delig', 8900, 60),
    Article("GER-40510", "HSS-borenset 1-13 mm, cassette 25 st.", 5980, 57),
    Article("GER-40620", "Momentsleutel 40-200 Nm met certificaat", 16750, 58),
    Article("PBM-50105", "Veiligheidsbril helder, krasvast", 845, 52),
    Article("PBM-50210", "Werkhandschoen snijklasse D, 12 paar", 6680, 55),
    Article("PBM-50330", "Veiligheidsschoen S3 laag", 7950, 57),
    Article("PBM-50415", "Gehoorkap 31 dB met hoofdband", 2890, 54),
    Article("PBM-50520", "Valbeveiligingsset met vanglijn 2 m", 18900, 56),
    Article("LAG-60110", "Groefkogellager 6205-2RS", 985, 54),
    Article("LAG-60145", "Flenslagerblok UCF 208", 3675, 55),
    Article("LAG-60220", "Lineaire geleiding maat 25, rail 1.000 mm met wagen", 21400, 56),
    Article("LAG-60310", "Tandriem HTD 8M-1200, breedte 30 mm", 4890, 54),
    Article("LAG-60405", "Wormwielreductor 1:30, as Ø25 mm", 34250, 57),
    Article("LAG-60460", "Servomotor 1,5 kW met rem", 118500, 58),
    Article("PNE-70115", "Pneumatische cilinder Ø50, slag 200 mm", 13900, 55),
    Article("PNE-70205", "Ventieleiland 8-voudig met veldbus", 84750, 57),
    Article("PNE-70310", 'Luchtverzorgingsunit 1/2" met manometer', 15600, 55),
    Article("PNE-70420", 'Hydrauliekslang 2SN 1/2", per meter', 1240, 56, 50),
    Article("PNE-70505", "Hydrauliekaggregaat 5,5 kW 40 liter", 235000, 59),
    Article("LIJ-80110", "Schroefdraadborging middelsterk, flacon 50 ml", 2490, 52),
    Article("LIJ-80205", "Constructielijm MS-polymeer zwart, doos 12 st.", 9960, 55),
    Article("LIJ-80320", "Lagervet EP2, patroon 400 g", 890, 54),
    Article("LIJ-80410", "Siliconenkit sanitair wit, doos 12 st.", 6180, 57),
    Article("LIJ-80505", "Snij- en boorolie, can 5 liter", 4350, 53),
    Article("DIE-90105", "Kanbanbeheer, servicebezoek", 18500, 48),
    Article("DIE-90110", "Setassemblage op maat, per uur", 6200, 52, 25),
    Article("DIE-90205", "Spoedlevering voor 10.00 uur", 3950, 60),
    Article("DIE-90310", "Slangmontage en beproeving, per uur", 6850, 50, 25),
)


@dataclass(frozen=True)
class Customer:
    """One customer: master data as in klanten.csv, and how it buys (revenue per year in thousands of euros)."""

    account_id: str
    name: str
    domain: str
    address: str
    postal_code: str
    city: str
    industry: str
    employees: int
    parent: str
    payment_days: int
    credit_limit: int
    customer_since: str
    contract_until: str
    account_manager: str
    revenue: tuple[int, int, int, int]  # 2023, 2024, 2025 and 2026 as if it were a whole year
    lines: int  # invoice lines in a normal month
    discount: int  # percent off the list price
    mix: dict[str, tuple[int, int]]  # weight of a product group in 2023 and in 2026
    starts: tuple[int, int] = (2023, 1)
    has_cost: bool = True


# From here on tables, written a row at a time.
# fmt: off
CUSTOMERS = (
    Customer("00834", "Coöperatie Groenpolder Techniek U.A.", "groenpolder", "Sluiswachterslaan 4", "8251 ZZ",
             "Dronten", "Landbouwmechanisatie", 38, "", 30, 25000, "01-04-1998", "", SECOND_MANAGER, (95, 102, 98, 104),
             2, 10,
             {"BEV": (25, 25), "LAG": (30, 25), "PNE": (25, 28), "LIJ": (15, 12), "GER": (5, 10)}),
    Customer("10021", "Machinefabriek Zwanerloo B.V.", "zwanerloo", "Draadsnijderstraat 18", "7327 ZZ", "Apeldoorn",
             "Machinebouw", 164, "Zwanerloo Beheer B.V.", 45, 250000, "15-09-2011", "31-12-2027", MANAGER,
             (920, 1010, 1135, 1290), 25, 14,
             {"LAG": (27, 25), "PNE": (17, 23), "BEV": (22, 16), "ELE": (10, 11), "LEI": (7, 3), "GER": (8, 5),
             "PBM": (0, 5), "LIJ": (6, 5), "DIE": (3, 7)}),
    Customer("10034", "Installatiebedrijf Oudemolder B.V.", "oudemolder", "Soldeerweg 31", "3825 ZZ", "Amersfoort",
             "Installatietechniek", 92, "", 30, 120000, "02-01-2006", "31-12-2026", SECOND_MANAGER,
             (410, 455, 480, 520), 7, 16,
             {"ELE": (35, 33), "LEI": (38, 36), "BEV": (10, 10), "GER": (8, 9), "LIJ": (5, 6), "PBM": (4, 6)}),
    Customer("10058", "Klimaattechniek André Veldhorst B.V.", "veldhorst-klimaat", "Koelebrink 7", "7441 ZZ",
             "Nijverdal", "Klimaattechniek", 41, "", 30, 60000, "10-05-2009", "", SECOND_MANAGER, (260, 240, 205, 170),
             4, 18,
             {"LEI": (50, 55), "ELE": (25, 25), "GER": (12, 8), "LIJ": (8, 7), "PBM": (5, 5)}),
    Customer("10077", "Lindenhof Wonen Onderhoud B.V.", "lindenhofwonen", "Portiekplein 2", "2718 ZZ", "Zoetermeer",
             "Woningonderhoud", 120, "Woonstichting Lindenhof", 30, 100000, "01-07-2014", "30-06-2028", SECOND_MANAGER,
             (310, 318, 325, 335), 5, 15,
             {"LEI": (35, 35), "ELE": (25, 25), "BEV": (12, 12), "LIJ": (15, 15), "GER": (8, 8), "PBM": (5, 5)},
             has_cost=False),
    Customer("10092", "'t Klusdepot Winkels B.V.", "klusdepotwinkels", "Schappenlaan 100", "5015 ZZ", "Tilburg",
             "Detailhandel bouwmarkten", 310, "", 60, 150000, "20-02-2017", "31-01-2027", MANAGER, (520, 560, 590, 575),
             6, 20,
             {"BEV": (40, 38), "GER": (22, 24), "LIJ": (20, 20), "ELE": (12, 12), "PBM": (6, 6)}),
    Customer("10113", "Elektrotechniek Brandsloot B.V.", "brandsloot", "Spanningsveld 12", "9723 ZZ", "Groningen",
             "Elektrotechniek", 56, "", 30, 75000, "11-11-2015", "", SECOND_MANAGER, (185, 210, 235, 290), 4, 15,
             {"ELE": (70, 68), "BEV": (12, 12), "GER": (12, 12), "PBM": (6, 8)}),
    Customer("10126", "Constructiebedrijf Haverwiel B.V.", "haverwiel", "Lasserij 9", "4612 ZZ", "Bergen op Zoom",
             "Staalbouw", 78, "Haverwiel Groep N.V.", 45, 90000, "03-03-2010", "31-12-2028", MANAGER,
             (340, 300, 330, 345), 5, 14,
             {"BEV": (52, 50), "GER": (16, 14), "LIJ": (10, 10), "PBM": (12, 16), "DIE": (2, 4), "PNE": (8, 6)}),
    Customer("10148", "Koeltechniek Noordermaar B.V.", "noordermaar", "Vrieskade 23", "1948 ZZ", "Beverwijk",
             "Koeltechniek", 33, "", 14, 40000, "18-08-2016", "", SECOND_MANAGER, (150, 148, 160, 182), 3, 13,
             {"LEI": (48, 46), "ELE": (22, 22), "LAG": (12, 12), "GER": (10, 10), "LIJ": (8, 10)}),
    Customer("10155", "Scheepswerf Walingerdiep B.V.", "walingerdiep", "Hellingkade 1", "9936 ZZ", "Delfzijl",
             "Scheepsbouw", 87, "", 60, 80000, "07-06-2007", "", MANAGER, (275, 190, 140, 85), 3, 17,
             {"PNE": (35, 38), "BEV": (30, 30), "LEI": (15, 15), "LIJ": (10, 10), "GER": (10, 7)}),
    Customer("10171", "Panelenbouw Elsbroek B.V.", "elsbroek", "Railstraat 44", "5705 ZZ", "Helmond",
             "Schakel- en verdeelkastenbouw", 47, "", 30, 60000, "03-06-2024", "31-05-2027", MANAGER,
             (0, 105, 150, 255), 3, 14,
             {"ELE": (76, 72), "BEV": (14, 14), "GER": (8, 8), "DIE": (2, 6)}, starts=(2024, 6)),
    Customer("10189", "Zonnedak Montage Sterrenbrug B.V.", "sterrenbrug", "Zuidhelling 5", "1338 ZZ", "Almere",
             "Zonne-energie", 29, "", 30, 20000, "05-10-2026", "", SECOND_MANAGER, (0, 0, 0, 0), 0, 12,
             {}),
)

# A price agreement that loses money: every year this customer buys this group below cost.
GROUP_DISCOUNTS = {("10092", "GER"): 44}

# account, name, function, department, language, still there
CONTACTS = (
    ("00834", "Gerrit Polderhuis", "Werkplaatschef", "Werkplaats", "Nederlands", True),
    ("00834", "Ineke Zandwerf", "Inkoper", "Inkoop", "Nederlands", True),
    ("10021", "Hendrik Zwanerloo", "Algemeen directeur", "Directie", "Nederlands", True),
    ("10021", "Esther van Tongelveld", "Hoofd inkoop", "Inkoop", "Nederlands", True),
    ("10021", "Koen Rietmaker", "Strategisch inkoper", "Inkoop", "Nederlands", True),
    ("10021", "Anouk Bergsteen", "Hoofd engineering", "Engineering", "Nederlands", True),
    ("10021", "Piotr Wolczanek", "Senior constructeur", "Engineering", "Engels", True),
    ("10021", "Wim Haagveld", "Productieleider", "Productie", "Nederlands", True),
    ("10021", "Fatma Özkaner", "Magazijnchef", "Logistiek", "Nederlands", True),
    ("10021", "Jasper Linnewiel", "Hoofd onderhoud", "Technische dienst", "Nederlands", True),
    ("10021", "Carla Meerbrugge", "Financieel manager", "Financiën", "Nederlands", True),
    ("10021", "Bram Ossenwaard", "Inkoper", "Inkoop", "Nederlands", False),
    ("10034", "Peter Oudemolder", "Directeur", "Directie", "Nederlands", True),
    ("10034", "Linda Kraaijenkamp", "Inkoper", "Inkoop", "Nederlands", True),
    ("10034", "Milan Steggerbosch", "Projectleider", "Projecten", "Nederlands", True),
    ("10058", "André Veldhorst", "Eigenaar", "Directie", "Nederlands", True),
    ("10058", "Tineke Wolbrink", "Administrateur", "Administratie", "Nederlands", True),
    ("10077", "Mo el Hadraoui", "Manager onderhoud", "Onderhoud", "Nederlands", True),
    ("10077", "Saskia Dijkgraver", "Contractbeheerder", "Inkoop", "Nederlands", True),
    ("10092", "Renée Hazelbos", "Categoriemanager", "Inkoop", "Nederlands", True),
    ("10092", "Tom Scheerling", "Hoofd logistiek", "Distributiecentrum", "Nederlands", True),
    ("10092", "Loek Vierbergen", "Commercieel directeur", "Directie", "Nederlands", False),
    ("10113", "Jelle Brandsloot", "Directeur", "Directie", "Nederlands", True),
    ("10113", "Marloes Uitterveld", "Werkvoorbereider", "Bedrijfsbureau", "Nederlands", True),
    ("10126", "Ad Haverwiel", "Directeur", "Directie", "Nederlands", True),
    ("10126", "Kim Goudbroek", "Inkoper", "Inkoop", "Nederlands", True),
    ("10148", "Sjoerd Noordermaar", "Eigenaar", "Directie", "Nederlands", True),
    ("10155", "Ulrich Hansenkamp", "Hoofd inkoop", "Inkoop", "Duits", True),
    ("10155", "Geert Wadlander", "Werkvoorbereider", "Scheepsbouw", "Nederlands", True),
    ("10171", "Naomi Elsbroek", "Directeur", "Directie", "Nederlands", True),
    ("10171", "Stijn Kastelaar", "Productieleider", "Productie", "Nederlands", True),
)

# Medewerker, Teamrol, RASCI, Functieplaats, Uurtarief, Beschikbare uren, Vervanger
TEAM = (
    (MANAGER, "Accountmanager", "A", "Lijn", 9250, 320, SECOND_MANAGER),
    (SECOND_MANAGER, "Accountmanager", "C", "Lijn", 8900, 60, MANAGER),
    ("Victor Wolverdijk", "Sponsor (directie)", "I", "Lijn", 14500, 24, MANAGER),
    (INSIDE, "Binnendienst", "R", "Lijn", 6150, 260, SECOND_INSIDE),
    (SECOND_INSIDE, "Binnendienst", "S", "Lijn", 6150, 80, INSIDE),
    (PRESALES, "Techniek/Presales", "R", "Lijn", 8450, 180, SUPPORT),
    (SUPPORT, "Service/Support", "R", "Lijn", 6900, 160, PRESALES),
    (LOGISTICS, "Logistiek", "S", "Lijn", 5800, 80, SUPPORT),
    ("Maarten Cijferveld", "Finance", "C", "Staf", 8200, 24, ""),
    ("Lotte Zonderwijk", "Marketing", "I", "Staf", 7100, 24, ""),
)

COMPETITORS = {  # who else sells the group
    "BEV": ("Fixdepot Oost", "Boltersma Techniek"),
    "ELE": ("Boltersma Techniek", "Ketelaar-Wiers"),
    "LEI": ("Boltersma Techniek",),
    "GER": ("Fixdepot Oost", "Boltersma Techniek"),
    "PBM": ("Boltersma Techniek",),
    "LAG": ("Aandrijf Unie",),
    "PNE": ("Ketelaar-Wiers",),
    "LIJ": ("Fixdepot Oost",),
    "DIE": ("Fixdepot Oost",),
}

# The demo account's quotations: date, description, group, amount in euros, outcome, lost reason, competitor, decided
DEMO_QUOTATIONS = (
    ("16-01-2024", "Raamafspraak bevestigingsmaterialen 2024", "BEV", 185000, "Gewonnen", "", "Fixdepot Oost",
     "12-02-2024"),
    ("19-03-2024", "Lineaire geleidingen verpakkingslijn ZL-40", "LAG", 64200, "Gewonnen", "", "Aandrijf Unie",
     "23-04-2024"),
    ("11-06-2024", "Gereedschapuitgifteautomaat productiehal 2", "GER", 38500, "Verloren", "Budget/uitstel", "",
     "17-09-2024"),
    ("08-10-2024", "Kanbanbeheer bevestigingsmaterialen hal 1 en 2", "DIE", 29400, "Gewonnen", "", "", "19-11-2024"),
    ("04-02-2025", "Ventieleilanden palletiseerrobot ZP-12", "PNE", 91750, "Gewonnen", "", "Ketelaar-Wiers",
     "18-03-2025"),
    ("18-03-2025", "Persluchtleidingen uitbreiding hal 3", "LEI", 22800, "Verloren", "Prijs", "Boltersma Techniek",
     "29-04-2025"),
    ("13-05-2025", "Persoonlijke bescherming, jaarpakket 160 medewerkers", "PBM", 41600, "Gewonnen", "",
     "Boltersma Techniek", "24-06-2025"),
    ("02-09-2025", "Servomotoren serie ZL-50", "LAG", 118900, "Verloren", "Levertijd", "Aandrijf Unie", "14-10-2025"),
    ("11-11-2025", "Hydrauliekaggregaten persenstraat", "PNE", 73300, "Gewonnen", "", "Ketelaar-Wiers", "16-12-2025"),
    ("20-01-2026", "Besturingskasten: frequentieregelaars 2026", "ELE", 56400, "Gewonnen", "", "", "24-02-2026"),
    ("14-04-2026", "Smeermiddelen en lijmen op verbruik", "LIJ", 18250, "Vervallen", "", "", "30-06-2026"),
    ("09-06-2026", "Momentsleutels met kalibratieabonnement", "GER", 12900, "Ingetrokken", "", "Fixdepot Oost",
     "07-07-2026"),
    ("15-09-2026", "Raamafspraak lagers en aandrijftechniek 2027-2028", "LAG", 310000, "Open", "", "Aandrijf Unie", ""),
    ("13-10-2026", "Uitbreiding kanban naar hydrauliekslangen", "DIE", 46500, "Open", "", "", ""),
)

# What the other customers are quoted for, per product group
QUOTATION_TEXTS = {
    "BEV": "Jaarbehoefte bevestigingsmaterialen",
    "ELE": "Projectlevering elektrotechnisch materiaal",
    "LEI": "Leidingmateriaal nieuw project",
    "GER": "Vervanging accugereedschap",
    "PBM": "Jaarpakket persoonlijke bescherming",
    "LAG": "Revisiepakket lagers en aandrijving",
    "PNE": "Hydraulische componenten project",
    "LIJ": "Prijsafspraak lijmen en kitten",
    "DIE": "Voorstel voorraadbeheer op locatie",
}

# The demo account's contacts in turn: kind, who of the ten contacts (1-based), our employee, subject
DEMO_ACTIVITIES = (
    ("Bezoek", 2, MANAGER, "Kwartaalgesprek inkoop en prijsontwikkeling"),
    ("Telefoon", 3, INSIDE, "Leverdatum lopende orders doorgenomen"),
    ("Bezoek", 4, PRESALES, "Technisch overleg nieuwe machinelijn"),
    ("E-mail", 5, PRESALES, "Tekeningen en specificaties geleidingen toegestuurd"),
    ("Bezoek", 7, SUPPORT, "Kanbanronde en inrichting grijpvoorraad"),
    ("Online", 3, MANAGER, "Toelichting op offerte"),
    ("Bezoek", 8, SUPPORT, "Storingsanalyse lagers transportband"),
    ("Telefoon", 7, INSIDE, "Retouren en creditnota's afgestemd"),
    ("Evaluatie", 2, MANAGER, "Jaarevaluatie levering, prijs en samenwerking"),
    ("Bezoek", 6, MANAGER, "Rondgang productie en knelpunten"),
    ("E-mail", 9, MANAGER, "Betaalafspraken en bonusafrekening bevestigd"),
    ("Bezoek", 1, MANAGER, "Directieoverleg meerjarenplannen"),
    ("Online", 4, PRESALES, "Standaardisatie pneumatische componenten"),
)

# What happens at the other customers: kind, subject
ACTIVITIES = (
    ("Bezoek", "Voortgangsgesprek en behoefte komend kwartaal"),
    ("Telefoon", "Opvolging offerte"),
    ("Bezoek", "Rondgang magazijn en assortimentskeuze"),
    ("E-mail", "Prijslijst en voorwaarden toegestuurd"),
    ("Online", "Toelichting webshop en bestelkoppeling"),
    ("Evaluatie", "Jaarevaluatie levering en service"),
    ("Telefoon", "Levertijd en nalevering besproken"),
)

# Hours written on the demo account every month: employee, activity, hours, description
MONTHLY_HOURS = (
    (MANAGER, "Voorbereiding", 5, "Accountplan, cijfers en voorbereiding gesprekken"),
    (MANAGER, "Overleg", 4, "Intern accountoverleg"),
    (INSIDE, "Service", 14, "Orderbegeleiding en leverbewaking"),
    (PRESALES, "Overleg", 7, "Technisch advies aan engineering"),
    (SUPPORT, "Service", 9, "Kanbanrondes en voorraadcontrole"),
)

# Other costs made for the demo account: date, kind, amount in cents, description
DEMO_COSTS = (
    ("12-03-2024", "Promotie", 184500, "Productdag lineaire techniek bij de klant"),
    ("14-05-2024", "Training", 96000, "Training veilig werken met hydrauliek"),
    ("18-06-2024", "Middelen", 385000, "Kanbanstellingen hal 1"),
    ("17-09-2024", "Offertekosten", 42500, "Externe sterkteberekening verpakkingslijn"),
    ("10-12-2024", "Overig", 28750, "Relatiegeschenken jaarwisseling"),
    ("11-02-2025", "Middelen", 412000, "Kanbanstellingen en scanners hal 2"),
    ("08-04-2025", "Promotie", 215000, "Bezoek aan vakbeurs met engineering"),
    ("20-05-2025", "Service", 73500, "Slangen vervangen buiten garantie, coulance"),
    ("16-09-2025", "Training", 118000, "Training montage en uitlijnen van lagers"),
    ("14-10-2025", "Offertekosten", 56000, "Proefopstelling servomotoren"),
    ("09-12-2025", "Overig", 31200, "Relatiegeschenken jaarwisseling"),
    ("17-02-2026", "Middelen", 268000, "Monsterset pneumatiek en demokoffer"),
    ("21-04-2026", "Promotie", 239500, "Innovatiedag voor constructeurs"),
    ("16-06-2026", "Service", 64250, "Spoedmontage slangen tijdens stilstand"),
    ("15-09-2026", "Training", 124500, "Training pneumatiek voor de technische dienst"),
    ("13-10-2026", "Offertekosten", 48000, "Doorrekening raamafspraak 2027-2028"),
)
