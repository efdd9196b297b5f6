import { Controller, Get, Inject, Module, Param, type DynamicModule } from '@nestjs/common';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { Public } from '@bastion/platform';
import type { TestDatabase } from '@bastion/testing';
import { AppModule } from '../../src/app.module.js';

const DATABASE = Symbol('DATABASE');

/** What no wall would let through: whoever has the id of a user is told its name. */
class UserNames {
  constructor(@Inject(DATABASE) private readonly database: TestDatabase) {}

  async of(id: string): Promise<string | null> {
    const sql = 'SELECT user_name FROM users WHERE id::text = $1';
    const [user] = await this.database.query<{ user_name: string }>(sql, [id]);
    return user?.user_name ?? null;
  }
}

@Resolver()
class PlantedResolver {
  constructor(@Inject(UserNames) private readonly names: UserNames) {}

  @Query(() => String, { nullable: true })
  plantedUserName(@Args('id', { type: () => ID }) id: string): Promise<string | null> {
    return this.names.of(id);
  }
}

@Controller()
class PlantedController {
  constructor(@Inject(UserNames) private readonly names: UserNames) {}

  @Get('planted/users/:id')
  @Public()
  async userName(@Param('id') id: string): Promise<{ name: string | null }> {
    return { name: await this.names.of(id) };
  }
}

/** The service with one leak of each kind in it. */
@Module({})
export class PlantedModule {
  static on(database: TestDatabase<'scope-management'>): DynamicModule {
    return {
      module: PlantedModule,
      imports: [AppModule.forRoot()],
      controllers: [PlantedController],
      providers: [PlantedResolver, UserNames, { provide: DATABASE, useValue: database }],
    };
  }
}
