using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>An epoll of Linux with an eventfd in it, through which another thread ends a wait. One thread waits and reads; any may do the
/// rest.</summary>
internal sealed unsafe partial class EventPoll : IDisposable
{
    /// <summary>The key under which <see cref="Wake"/> is told.</summary>
    public const ulong WakeKey = 0;

    private const int CloseOnExec = 0x80000, NonBlocking = 0x800;
    private const int Add = 1, Modify = 3;

    // The system packs its struct epoll_event on x86-64 alone: 32 bits of flags, then 64 of data, with or without a gap.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    // Handles, so that a call that comes late never meets a number that is somebody else's by then.
    private readonly SafeFileHandle _poll;
    private readonly SafeFileHandle _wake;
    private readonly int _capacity;
    private readonly byte* _events;

    /// <param name="capacity">Events that one wait may bring.</param>
    /// <exception cref="EdgeException">The system refuses.</exception>
    public EventPoll(int capacity)
    {
        _capacity = capacity;
        _poll = new SafeFileHandle(Create(CloseOnExec), ownsHandle: true);
        var error = _poll.IsInvalid ? LinuxSocket.Error : 0;
        _wake = new SafeFileHandle(error == 0 ? CreateWake(0, CloseOnExec | NonBlocking) : -1, ownsHandle: true);
        if (error == 0)
            error = _wake.IsInvalid ? LinuxSocket.Error : TryAdd((int)_wake.DangerousGetHandle(), PollEvents.Readable, WakeKey);
        if (error != 0)
        {
            _poll.Dispose();
            _wake.Dispose();
            throw new EdgeException($"epoll: {LinuxSocket.Describe(error)}; raise the limit of open files");
        }

        _events = (byte*)NativeMemory.Alloc((nuint)capacity, (nuint)(DataOffset + sizeof(ulong)));
    }

    /// <summary>Begins to watch a descriptor. Closing it ends that.</summary>
    /// <returns>0 or an errno.</returns>
    /// <exception cref="ObjectDisposedException">The poll was closed.</exception>
    public int TryAdd(int descriptor, PollEvents events, ulong key) => Change(Add, descriptor, events, key);

    /// <summary>Changes what a watched descriptor is watched for.</summary>
    /// <returns>0 or an errno.</returns>
    /// <exception cref="ObjectDisposedException">The poll was closed.</exception>
    public int TryModify(int descriptor, PollEvents events, ulong key) => Change(Modify, descriptor, events, key);

    /// <summary>Waits for events.</summary>
    /// <param name="timeout">Milliseconds, -1 for ever.</param>
    /// <returns>How many there are; 0 after the timeout or a signal.</returns>
    /// <exception cref="EdgeException">The poll is broken.</exception>
    public int Wait(int timeout)
    {
        var count = Wait(_poll, _events, _capacity, timeout);
        if (count >= 0)
            return count;
        var error = LinuxSocket.Error;
        return error == LinuxSocket.Interrupted ? 0 : throw new EdgeException($"epoll: {LinuxSocket.Describe(error)}");
    }

    /// <summary>An event of the last wait.</summary>
    public PollEvents Read(int index, out ulong key)
    {
        var at = _events + (index * (DataOffset + sizeof(ulong)));
        key = Unsafe.ReadUnaligned<ulong>(at + DataOffset);
        return (PollEvents)Unsafe.ReadUnaligned<uint>(at);
    }

    /// <summary>Ends the current wait, or the next one.</summary>
    /// <exception cref="ObjectDisposedException">The poll was closed.</exception>
    public void Wake()
    {
        var one = 1UL;
        _ = Write(_wake, &one, sizeof(ulong));
    }

    /// <summary>Takes a <see cref="Wake"/> back; called by who waits, once it was told.</summary>
    public void AcceptWake()
    {
        ulong count;
        _ = Read(_wake, &count, sizeof(ulong));
    }

    /// <summary>Closes it. The waiting thread's.</summary>
    public void Dispose()
    {
        _poll.Dispose();
        _wake.Dispose();
        NativeMemory.Free(_events);
    }

    private int Change(int operation, int descriptor, PollEvents events, ulong key)
    {
        var entry = stackalloc byte[16];
        Unsafe.WriteUnaligned(entry, (uint)events);
        Unsafe.WriteUnaligned(entry + DataOffset, key);
        return Control(_poll, operation, descriptor, entry) == 0 ? 0 : LinuxSocket.Error;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    private static partial nint Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    private static partial int Control(SafeFileHandle poll, int operation, int descriptor, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int Wait(SafeFileHandle poll, byte* events, int capacity, int timeout);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    private static partial nint CreateWake(uint count, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle descriptor, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle descriptor, void* buffer, nuint count);
}
