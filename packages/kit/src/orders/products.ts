import { faker } from '@faker-js/faker/locale/en';

/** What can be ordered. */
export interface Product {
  product: string;
  category: string;
  /** Price of one piece in US cents. */
  cents: number;
}

const products = 40;
const productSeed = 2026;

/** The products of every generated order, the same for each seed, so that queries find much of few. */
export function makeProducts(): Product[] {
  faker.seed(productSeed);
  const names = faker.helpers.uniqueArray(() => faker.commerce.productName(), products);
  return names.map((product) => ({
    product,
    category: faker.commerce.department(),
    cents: faker.number.int({ min: 199, max: 49_999 }),
  }));
}
