"""An exchange file with everything in it."""

FULL = """trunks:
  - {name: pstn, proxy: "127.0.0.1:5099", username: x, password: secret, register: true}
  - {name: backup, proxy: "10.0.0.9", passes_original: true, enabled: false}
tenants:
  - name: Acme
    main_number: "22 123 45 67"
    accounts:
      - {login: "100101", password: "s3cret-A1", name: Anna}
      - {login: "100102", password: "s3cret-B2", name: Bartek, presents: "+48221234567"}
    cities:
      - {number: "22 123 45 67", name: Główny, to: {ivr: powitanie}}
      - {number: "+48227654321", name: Fax, to: {hangup: busy}}
    menus:
      - name: powitanie
        say: "Witamy w firmie Acme"
        keys: {"1": {account: "100101"}, "*": {ivr: powitanie}, "0": {extension: "40"}}
        dial_internal: true
        no_choice: {repeat: 3, then: {extension: "21"}}
        wrong_choice: {repeat: 0, then: {message: zamkniete}}
    messages:
      - {name: zamkniete, say: "Biuro jest nieczynne."}
    schedules:
      - {name: biuro, days: [mon, fri, tue], from: "08:00", to: "24:00", holidays: pl, closed_on: [2026-12-24]}
    settings:
      transfer_fallback: {ring: {accounts: ["100102"], seconds: 5}}
      limits: {countries: [PL, de], premium: true, calls_at_once: null, minutes_per_day: 5, longest_call: 1}
    extensions:
      - {number: "21", name: Anna, to: {account: "100101"}}
      - {number: "22", name: Biuro, to: {ring: {accounts: ["100101", "100102"], order: in-order, seconds: 25,
             busy: {message: zamkniete}, no_answer: {extension: "21"}, unavailable: {external: "600 100 200"}}}}
      - {number: "40", name: Główny, to: {city: "221234567"}}
      - {number: "41", name: Biuro, to: {hours: {schedule: biuro, open: {extension: "21"}, closed: {message: zamkniete}}}}
    queues:
      - {name: Serwis, agents: [{account: "100102"}, {external: "600 100 200"}], overflow: {extension: "21"}}
      - name: Sprzedaż
        strategy: in-order
        agents: [{account: "100101"}]
        max_wait: null
        full: {queue: Serwis}
        greeting: {say: "Proszę czekać"}
        announce_agent: true
        keys: {"1": {queue: Sprzedaż}, "*": {ivr: powitanie}}
        call_back: "2"
"""
