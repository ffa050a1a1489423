/** What a prompt is about, as far as the painter understands it. */
export interface Idea {
  time?: 'day' | 'dawn' | 'sunset' | 'night';
  season?: 'spring' | 'autumn' | 'winter';
  place?:
    'hills' | 'mountains' | 'city' | 'forest' | 'beach' | 'sea' | 'lake' | 'desert' | 'meadow' | 'space' | 'underwater';
  /** There is water in it. */
  water: boolean;
  weather: ReadonlySet<Weather>;
  things: readonly Thing[];
  /** A colour the whole image leans to. */
  tint?: string;
}

export type Weather = 'storm' | 'rain' | 'snow' | 'fog' | 'clouds' | 'aurora' | 'rainbow' | 'stars' | 'moon';

export type Thing =
  | 'house'
  | 'boat'
  | 'lighthouse'
  | 'castle'
  | 'cat'
  | 'dog'
  | 'bird'
  | 'owl'
  | 'balloon'
  | 'tree'
  | 'windmill'
  | 'rocket'
  | 'person'
  | 'robot'
  | 'fish'
  | 'whale'
  | 'bridge'
  | 'flowers'
  | 'palm'
  | 'cactus'
  | 'pyramid'
  | 'planet';

const times: [NonNullable<Idea['time']>, RegExp][] = [
  [
    'night',
    /\b(night|midnight|moon\w*|star\w*|dark|aurora|northern lights|firefl\w*|fireworks|neon|cyberpunk|halloween)\b/,
  ],
  ['sunset', /\b(sunset|dusk|evening|twilight|golden hour|romantic)\b/],
  ['dawn', /\b(dawn|sunrise|morning|daybreak|pastel)\b/],
  ['day', /\b(day|daylight|noon|sunny|summer|sunshine)\b/],
];

const seasons: [NonNullable<Idea['season']>, RegExp][] = [
  ['winter', /\b(winter|snow\w*|ice|icy|frost\w*|frozen|christmas|arctic)\b/],
  ['autumn', /\b(autumn|fall|october|november|harvest|halloween)\b/],
  ['spring', /\b(spring|blossom\w*|cherry|sakura|easter)\b/],
];

const places: [NonNullable<Idea['place']>, RegExp][] = [
  ['space', /\b(space|galax\w+|planets?|nebula|universe|cosmos|cosmic|mars|saturn|astronauts?|alien\w*)\b/],
  ['underwater', /\b(underwater|fish(es)?|coral|reef|aquarium|jellyfish|deep sea|mermaid)\b/],
  [
    'city',
    /\b(city|cities|skyline|town|skyscrapers?|downtown|streets?|urban|cyberpunk|tokyo|new york|paris|london|berlin)\b/,
  ],
  ['desert', /\b(deserts?|dunes?|sahara|pyramids?|cact(us|i)|camels?|canyon)\b/],
  ['beach', /\b(beach|tropical|island|palms?|palm trees?|caribbean|hawaii|coast)\b/],
  ['mountains', /\b(mountains?|alps|peaks?|alpine|himalayas?|fjord|volcano)\b/],
  ['forest', /\b(forest|woods?|pines?|jungle|woodland|cabin|fox|deer|bear|owl)\b/],
  ['lake', /\b(lake|river|pond|reflections?|canal|bridges?)\b/],
  ['sea', /\b(sea|ocean|water|waves?|sail\w*|boats?|ships?|harbou?r|whales?|lighthouse|yacht|cliffs?)\b/],
  [
    'meadow',
    /\b(meadow|field|flowers?|garden|tulips?|roses?|poppy|poppies|lavender|sunflowers?|daisy|daisies|blossoms?|bees?|butterfl\w+)\b/,
  ],
  ['hills', /\b(hills?|valley|countryside|landscape|farm|windmill|village|house|cottage)\b/],
];

const weathers: [Weather, RegExp][] = [
  ['storm', /\b(storm\w*|thunder\w*|lightning|tempest)\b/],
  ['rain', /\b(rain|rainy|raining|storm\w*|shower)\b/],
  ['snow', /\b(snow\w*|winter|blizzard|christmas)\b/],
  ['fog', /\b(fog\w*|mist\w*|haz[ey]\w*)\b/],
  ['clouds', /\b(cloud\w*|overcast|sky)\b/],
  ['aurora', /\b(aurora|northern lights)\b/],
  ['rainbow', /\brainbows?\b/],
  ['stars', /\b(star\w*|milky way|galaxy)\b/],
  ['moon', /\b(moon\w*)\b/],
];

const words: [Thing, RegExp][] = [
  ['lighthouse', /\blighthouses?\b/],
  ['castle', /\b(castles?|fortress|palace|kingdom|fairy ?tale|dragons?|knights?)\b/],
  ['windmill', /\b(windmills?|mill)\b/],
  ['house', /\b(houses?|home|cottages?|cabins?|huts?|farm|village|barn)\b/],
  ['boat', /\b(boats?|ships?|sail\w*|yachts?|harbou?r|pirates?)\b/],
  ['cat', /\b(cats?|kittens?|kitty|fox(es)?)\b/],
  ['dog', /\b(dogs?|pupp(y|ies)|wol(f|ves)|corgi|labrador)\b/],
  ['owl', /\bowls?\b/],
  ['bird', /\b(birds?|seagulls?|eagles?|swallows?|geese|ravens?|crows?|cranes?)\b/],
  ['balloon', /\b(balloons?|hot[- ]air)\b/],
  ['rocket', /\b(rockets?|spaceships?|launch|spacecraft|astronauts?)\b/],
  ['robot', /\b(robots?|androids?|mech)\b/],
  [
    'person',
    /\b(person|people|man|woman|girl|boy|child|portrait|hiker|traveller|traveler|wanderer|samurai|wizard|couple|self)\b/,
  ],
  ['whale', /\bwhales?\b/],
  ['bridge', /\bbridges?\b/],
  ['palm', /\b(palms?|palm trees?|tropical|island|hawaii|caribbean)\b/],
  ['cactus', /\bcact(us|i|uses)\b/],
  ['pyramid', /\b(pyramids?|egypt\w*)\b/],
  ['flowers', /\b(flowers?|garden|tulips?|roses?|poppy|poppies|lavender|sunflowers?|dais(y|ies)|bouquet)\b/],
  ['tree', /\b(trees?|oak|maple|cherry|blossoms?|sakura|apple)\b/],
  ['planet', /\b(planets?|saturn)\b/],
];

const tints: [string, RegExp][] = [
  ['#e23b4e', /\b(red|crimson|scarlet)\b/],
  ['#f28a2e', /\b(orange|amber)\b/],
  ['#f2c53d', /\b(yellow|gold|golden)\b/],
  ['#4caf6a', /\b(green|emerald)\b/],
  ['#2fb5b0', /\b(teal|turquoise|cyan|mint)\b/],
  ['#3d7fe0', /\b(blue|azure)\b/],
  ['#8a55d6', /\b(purple|violet|lilac|lavender|neon|cyberpunk)\b/],
  ['#f07ab0', /\b(pink|magenta|rose)\b/],
];

/** Reads the words of a prompt; what it does not know leaves the choice to the seed. */
export function readPrompt(prompt: string): Idea {
  const text = prompt.toLowerCase();
  const time = first(times, text);
  const season = first(seasons, text);
  const place = first(places, text);
  const tint = first(tints, text);
  return {
    ...(time && { time }),
    ...(season && { season }),
    ...(place && { place }),
    ...(tint && { tint }),
    water:
      /\b(lake|river|pond|water|fjord|bay|sea|ocean|boats?|ships?|sail\w*|harbou?r|bridges?|whales?|reflections?)\b/.test(
        text,
      ),
    weather: new Set(all(weathers, text)),
    things: all(words, text),
  };
}

function first<T>(table: [T, RegExp][], text: string): T | undefined {
  return table.find(([, pattern]) => pattern.test(text))?.[0];
}

function all<T>(table: [T, RegExp][], text: string): T[] {
  return table.filter(([, pattern]) => pattern.test(text)).map(([value]) => value);
}
