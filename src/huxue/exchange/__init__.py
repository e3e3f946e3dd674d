"""Files of others: tables read in, and handed back with notes. Bytes in, values out, and the other way round."""
