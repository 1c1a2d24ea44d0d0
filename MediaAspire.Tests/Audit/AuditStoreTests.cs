using System.Net;
using MediaAspire.Core.Audit;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Audit;

public sealed class AuditStoreTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Password = "for the test alone";

    private readonly AuditStore _store = new(postgres.Database);

    public Task InitializeAsync() => postgres.ClearAsync("audit_events");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task ListAsync_EveryField_ReturnsWhatWasAdded()
    {
        var done = AuditEvents.Event() with { Repeats = 3 };
        var bare = AuditEvents.Event(AuditEvents.Noon.AddSeconds(1), AuditOutcome.Failed) with
        {
            Api = AuditApi.Admin,
            Actor = AuditActor.Anonymous,
            Address = null,
            Resource = null,
            Reason = null,
            RequestId = null,
            Status = 0,
        };
        await _store.AddAsync([done, bare], CancellationToken.None);

        Assert.Equal([bare, done], await ListAsync(new()));
    }

    [Fact]
    public async Task ListAsync_EachCondition_SelectsItsEvents()
    {
        var first = AuditEvents.Event();
        var second = AuditEvents.Event(AuditEvents.Noon.AddMinutes(1), AuditOutcome.Refused, "2001:db8::1") with
        {
            Api = AuditApi.Rest,
            Actor = new(AuditActorKind.ApiKey, "OTHER", "bob"),
            Action = "DeleteFile",
            Resource = "/files/1",
        };
        await _store.AddAsync([first, second], CancellationToken.None);

        AuditFilter[] ofFirst =
        [
            new() { To = AuditEvents.Noon.AddMinutes(1) }, new() { Api = "s3" }, new() { Actor = "KEY" }, new() { Owner = "alice" },
            new() { Action = "PutObject" }, new() { Resource = "/films/a" }, new() { Resource = "/films/*" }, new() { Outcome = "done" },
            new() { Address = IPNetwork.Parse("192.0.2.0/24") }, new() { Address = IPNetwork.Parse("192.0.2.7/32") },
        ];
        AuditFilter[] ofSecond =
        [
            new() { From = AuditEvents.Noon.AddMilliseconds(1) }, new() { Address = IPNetwork.Parse("2001:db8::/32") },
            new() { Outcome = "refused", Actor = "OTHER", Resource = "*" },
        ];

        foreach (var filter in ofFirst)
        {
            Assert.Equal([first], await ListAsync(filter));
        }

        foreach (var filter in ofSecond)
        {
            Assert.Equal([second], await ListAsync(filter));
        }

        Assert.Empty(await ListAsync(new() { Resource = "/films" }));
        Assert.Equal([second, first], await ListAsync(new() { From = AuditEvents.Noon }));
    }

    [Fact]
    public async Task ListAsync_Pages_ContinueInBothOrders()
    {
        // Several events of one millisecond have different ids.
        var events = Enumerable.Range(0, 10).Select(i => AuditEvents.Event(AuditEvents.Noon.AddMilliseconds(i / 4))).ToList();
        await _store.AddAsync(events, CancellationToken.None);

        foreach (var oldestFirst in new[] { false, true })
        {
            var found = new List<AuditEvent>();
            IReadOnlyList<AuditEvent> page = [];
            do
            {
                page = await _store.ListAsync(new(), page.Count > 0 ? page[^1].Id : null, oldestFirst, limit: 3, CancellationToken.None);
                found.AddRange(page);
            }
            while (page.Count == 3);

            Assert.Equal(
                events.Select(one => one.Id).Order(),
                oldestFirst ? found.Select(one => one.Id) : found.Select(one => one.Id).Reverse());
        }
    }

    [Fact]
    public async Task AddAsync_TextsThatCannotBeStored_AreReplaced()
    {
        var hostile = AuditEvents.Event() with
        {
            Resource = "/a\0b\ud800" + new string('x', 100_000),
            Action = "\udc00",
            Actor = new(AuditActorKind.Unverified, "k\0", null),
        };

        await _store.AddAsync([hostile], CancellationToken.None);

        var stored = Assert.Single(await ListAsync(new()));
        Assert.StartsWith("/a\ufffdb\ufffdxxx", stored.Resource, StringComparison.Ordinal);
        Assert.Equal((2048, "\ufffd", "k\ufffd"), (stored.Resource!.Length, stored.Action, stored.Actor.KeyId));
    }

    [Theory]
    [InlineData("UPDATE audit_events SET actor = 'me'")]
    [InlineData("DELETE FROM audit_events")]
    [InlineData("TRUNCATE audit_events")]
    [InlineData("DELETE FROM audit_events_default")]
    [InlineData("TRUNCATE audit_events_default")]
    [InlineData("DELETE FROM {0}")]
    [InlineData("TRUNCATE {0}")]
    [InlineData("DROP TABLE {0}")]
    public async Task Events_cannot_be_changed_by_the_application_and_not_even_by_the_owner(string statement)
    {
        await using var application = await ApplicationAsync();
        await new AuditStore(application).KeepAsync(TimeSpan.FromDays(90), daysAhead: 1, CancellationToken.None);
        var now = TimeProvider.System.GetUtcNow();
        var (today, tomorrow) = (AuditEvents.Event(now), AuditEvents.Event(now.AddDays(1)));
        var inDefault = AuditEvents.Event(now.AddDays(-3));
        await new AuditStore(application).AddAsync([today, tomorrow, inDefault], CancellationToken.None);
        var sql = string.Format(null, statement, $"audit_events_{now.AddDays(1):yyyyMMdd}");

        await RefusesAsync(application, sql);
        if (!sql.StartsWith("DROP", StringComparison.Ordinal))
        {
            await RefusesAsync(postgres.Database, sql);
        }

        Assert.Equal([tomorrow.Id, today.Id, inDefault.Id], (await ListAsync(new())).Select(one => one.Id));
    }

    [Fact]
    public async Task KeepAsync_OldDays_RemovesThemAndNothingElse()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using (var old = postgres.Database.CreateCommand(
            "CREATE TABLE audit_events_20200101 PARTITION OF audit_events "
            + "FOR VALUES FROM (first_audit_id('2020-01-01')) TO (first_audit_id('2020-01-02'))"))
        {
            await old.ExecuteNonQueryAsync();
        }

        var kept = AuditEvents.Event(now.AddDays(-9));
        await _store.AddAsync(
            [
                AuditEvents.Event(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)), AuditEvents.Event(new(2020, 1, 1, 23, 59, 59, TimeSpan.Zero)),
                AuditEvents.Event(now.AddDays(-12)), kept, AuditEvents.Event(now),
            ],
            CancellationToken.None);
        await using var application = await ApplicationAsync();
        var store = new AuditStore(application);

        var first = await store.KeepAsync(TimeSpan.FromDays(10), daysAhead: 2, CancellationToken.None);
        var second = await store.KeepAsync(TimeSpan.FromDays(10), daysAhead: 2, CancellationToken.None);

        Assert.Equal(1, first.Removed);
        Assert.Equal((0, 0), second);
        Assert.Equal([AuditOutcome.Done, AuditOutcome.Done], (await ListAsync(new())).Select(one => one.Outcome));
        Assert.Equal(kept.Id, (await ListAsync(new()))[^1].Id);
        await Assert.ThrowsAsync<PostgresException>(() => store.KeepAsync(TimeSpan.FromHours(23), daysAhead: 2, CancellationToken.None));
    }

    [Fact]
    public void FirstId_OfATime_IsThatOfTheDatabase()
    {
        var id = Guid.CreateVersion7(AuditEvents.Noon);

        Assert.True(AuditFilter.FirstId(AuditEvents.Noon) < id);
        Assert.True(id < AuditFilter.FirstId(AuditEvents.Noon.AddMilliseconds(1)));
        Assert.Equal("019ad0ae-4800-0000-0000-000000000000".Length, AuditFilter.FirstId(AuditEvents.Noon).ToString().Length);
    }

    private static async Task RefusesAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private Task<IReadOnlyList<AuditEvent>> ListAsync(AuditFilter filter) =>
        _store.ListAsync(filter, after: null, oldestFirst: false, limit: 100, CancellationToken.None);

    /// <summary>Connects with the rights of the application: it may add and read events.</summary>
    private async Task<NpgsqlDataSource> ApplicationAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        var role = $"application_{connection.Database}";
        await using (var command = postgres.Database.CreateCommand($"""
            DO $do$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE "{role}" LOGIN PASSWORD '{Password}';
                    -- As a default for new tables, which must not reach the partitions.
                    ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO "{role}";
                    GRANT SELECT, INSERT ON audit_events TO "{role}";
                END IF;
            END $do$
            """))
        {
            await command.ExecuteNonQueryAsync();
        }

        connection.Username = role;
        connection.Password = Password;
        connection.Pooling = false;
        return NpgsqlDataSource.Create(connection);
    }
}
