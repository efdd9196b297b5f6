import { Module } from '@nestjs/common';
import { relayDatabaseConfig } from '../config/relay-database.config.js';
import { RelayDatabase } from './relay-database.js';

/** Apart from the API's database, so that a relay of its own holds no other credential. */
@Module({
  providers: [
    { provide: RelayDatabase, useFactory: () => new RelayDatabase(relayDatabaseConfig().url) },
  ],
  exports: [RelayDatabase],
})
export class RelayDatabaseModule {}
