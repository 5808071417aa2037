/** What people ask of a telephone, a shop or a neighbour, and no agent of Nova is for. Read by background.ts. */

/** Own lines, by kind. Keep out what a coming agent will be for: background.ts says what. */
export const ERRANDS = {
  weather: `
    will it rain tomorrow
    what's the weather like in Lisbon
    do I need an umbrella this afternoon
    is it going to snow at the weekend
    how warm will it get on Sunday
    when does the sun set tonight
    is there a storm coming
    is it windy on the coast today
    what's the pollen count like
    will the fog clear by noon
    do we get a white Christmas this year`,
  sports: `
    who won the match last night
    what was the score of the final
    when do the Giants play next
    who is top of the league
    how tall is the goalkeeper
    which team has won the most cups
    did our side get through to the semis
    how many medals did Norway win
    who is the fastest swimmer alive
    show me the fixtures for the cup
    is the marathon on this Sunday
    explain the offside rule`,
  shopping: `
    buy me a new pair of trainers
    order a large pizza with mushrooms
    find the cheapest flight to Rome
    book a table for two at eight
    is this phone on sale anywhere
    add milk to the shopping cart
    where can I get good coffee nearby
    how much does a used van cost
    reserve a hotel room by the sea
    get me two tickets for the concert
    which headphones are the best for running
    track my parcel from the shoe shop
    is there a voucher for the pizza place
    send flowers to my mother
    get me a cab and a coffee
    I want to return the jacket I bought`,
  devices: `
    turn off the lights in the kitchen
    set the heating to 20 degrees
    play some jazz
    this tune is awful, next one
    a bit louder in the living room
    call my sister
    take a picture
    roll the blinds down
    lock the front door
    start the hoover
    switch to the other camera
    unlock my screen
    dim the lamp beside the sofa
    name that tune
    draw the curtains
    mute the television
    pair my earphones
    is the oven still on
    make the bedroom cooler
    put on my running playlist
    show the front camera
    call the dentist for me
    how full is my battery
    turn on aeroplane mode`,
  travel: `
    how do I get to the airport from here
    is there a lot of traffic on the ring road
    when does the next train leave
    call me a taxi
    where is the nearest petrol station
    which papers must I carry to cross into Canada
    what is there to see in Krakow
    has my flight been delayed
    what is the best time to visit Iceland
    which platform does the tram go from
    how far is it to the next charging station
    is the tunnel closed tonight
    rent me a bike
    what should I pack for the beach`,
  home: `
    how long do I boil an egg
    do you have a recipe for lentil soup
    how do I get wine out of a carpet
    my cat won't eat, what should I do
    how often should I water a cactus
    what can I cook with leeks and rice
    how do I fix a dripping tap
    what paint should I use for the bathroom
    how do I bleed a radiator
    how do I sharpen a kitchen knife
    what goes well with salmon
    how long does rice keep
    my basil is dying
    how do I unblock the sink
    can I freeze cooked pasta
    what kills moss in the lawn
    how do you fold a fitted sheet`,
  body: `
    I have a headache and a fever
    how much should I sleep
    which pills help against hay fever
    is this mole dangerous
    what is a good diet for runners
    my knee hurts when I climb stairs
    am I drinking enough water
    how do I stop hiccups
    is it bad to skip breakfast
    what helps against a sunburn
    how many steps should I walk
    I feel dizzy when I stand up
    can I take aspirin with wine`,
  news: `
    what's in the news
    read me the headlines
    any good films on at the cinema
    what time does the pharmacy close
    who is the mayor of this town
    is today a public holiday in Spain
    what's on television tonight
    when is the next full moon
    did parliament pass the new law
    who won the prize for literature
    is the museum open on Monday
    when does the new season come out
    is the bus strike over
    any concerts near me this weekend`,
};
