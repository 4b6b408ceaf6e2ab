using System.Globalization;
using System.Runtime.InteropServices;

namespace CraftKit.Edge.Tests.Transport;

/// <summary>A descriptor of this process that is one end of a connection over IPv4, as the system has it.</summary>
internal sealed unsafe partial record SocketDescriptor(int Number, int Flags)
{
    private const int Tcp = 6, NoDelayOption = 1;

    public bool IsCloseOnExec => (Flags & 0x80000) != 0;

    public bool IsNonBlocking => (Flags & 0x800) != 0;

    public bool NoDelay
    {
        get
        {
            int value;
            uint length = sizeof(int);
            return GetOption(Number, Tcp, NoDelayOption, &value, &length) == 0 && value != 0;
        }
    }

    /// <summary>The end that has these ports; null when this process has none.</summary>
    public static SocketDescriptor? Find(int localPort, int remotePort)
    {
        var inode = InodeOf($":{localPort:X4}", $":{remotePort:X4}");
        if (inode is null)
            return null;
        foreach (var path in Directory.GetFiles("/proc/self/fd"))
        {
            try
            {
                if (File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name != $"socket:[{inode}]")
                    continue;
                var number = int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
                var line = File.ReadLines($"/proc/self/fdinfo/{number}").First(static line => line.StartsWith("flags:", StringComparison.Ordinal));
                return new SocketDescriptor(number, Convert.ToInt32(line[6..].Trim(), 8));
            }
            catch (IOException)
            {
                // Somebody else's, closed since it was listed.
            }
        }

        return null;
    }

    // Columns: number, local address, remote address, state, queues, timer, retransmits, user, timeout, inode.
    private static string? InodeOf(string local, string remote) => File.ReadLines("/proc/self/net/tcp").Skip(1)
        .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(columns => columns[1].EndsWith(local, StringComparison.Ordinal) && columns[2].EndsWith(remote, StringComparison.Ordinal) && columns[9] != "0")
        .Select(static columns => columns[9])
        .FirstOrDefault();

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int GetOption(int descriptor, int level, int option, int* value, uint* length);
}
