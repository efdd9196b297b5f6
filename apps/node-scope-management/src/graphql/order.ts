import type { Type } from '@nestjs/common';
import { Field, InputType, registerEnumType } from '@nestjs/graphql';

export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(SortDirection, { name: 'SortDirection' });

/** What a list is ordered by; entries that are equal in it follow each other by id. */
export interface Order<OrderField extends string> {
  readonly field: OrderField;
  readonly direction: keyof typeof SortDirection;
}

/**
 * The input type that orders a list, such as `UserOrder`, with its `UserOrderField`.
 *
 * @param fields by name, what each means
 */
export function orderOf<F extends string>(
  name: string,
  fields: Readonly<Record<F, string>>,
): Type<Order<F>> {
  const names = Object.keys(fields) as F[];
  const OrderField = Object.fromEntries(names.map((field) => [field, field]));
  registerEnumType(OrderField, {
    name: `${name}OrderField`,
    valuesMap: Object.fromEntries(names.map((field) => [field, { description: fields[field] }])),
  });

  @InputType(`${name}Order`)
  class NodeOrder {
    @Field(() => OrderField)
    field!: F;

    @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
    direction!: SortDirection;
  }
  return NodeOrder;
}
