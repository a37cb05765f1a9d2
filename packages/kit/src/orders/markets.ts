/** A country that orders come from. */
export interface Market {
  /** ISO 3166-1. */
  country: string;
  /** ISO 4217. */
  currency: string;
  /** Smallest units of the currency for one US cent, about. Yen and won have no cents, a Bahraini dinar 1,000 fils. */
  minorPerCent: number;
}

/** The countries of the generated orders. */
export const markets: readonly Market[] = [
  { country: 'US', currency: 'USD', minorPerCent: 1 },
  { country: 'CA', currency: 'CAD', minorPerCent: 1.4 },
  { country: 'GB', currency: 'GBP', minorPerCent: 0.8 },
  { country: 'DE', currency: 'EUR', minorPerCent: 0.9 },
  { country: 'FR', currency: 'EUR', minorPerCent: 0.9 },
  { country: 'BR', currency: 'BRL', minorPerCent: 5.5 },
  { country: 'IN', currency: 'INR', minorPerCent: 85 },
  { country: 'JP', currency: 'JPY', minorPerCent: 1.5 },
  { country: 'KR', currency: 'KRW', minorPerCent: 14 },
  { country: 'BH', currency: 'BHD', minorPerCent: 3.8 },
];
