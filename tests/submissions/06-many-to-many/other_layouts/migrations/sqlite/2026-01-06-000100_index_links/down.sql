DROP INDEX links_by_publisher;
