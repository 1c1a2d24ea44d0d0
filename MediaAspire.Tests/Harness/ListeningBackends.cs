using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>The server processes of listening connections, whose last statement was LISTEN.</summary>
internal static class ListeningBackends
{
    private const string AreListening =
        "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN %'";

    public static Task<long> CountAsync(NpgsqlDataSource database) => ScalarAsync(database, $"SELECT count(*) {AreListening}");

    /// <summary>Ends them and returns their number.</summary>
    public static Task<long> EndAsync(NpgsqlDataSource database) =>
        ScalarAsync(database, $"SELECT count(pg_terminate_backend(pid)) {AreListening}");

    private static async Task<long> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
